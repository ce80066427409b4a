import { once } from 'node:events';
import net from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/kernel/eventually.ts';
import {
  type Answer,
  createHttpClient,
  expectSignedIn,
  type HttpClient,
  sendBytes,
} from '../../support/servers/http-client.ts';
import {
  newMasterKey,
  type ServerProcess,
  startServerProcess,
} from '../../support/servers/latchkey-process.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers/test-database.ts';

const SIGN_INS = 40;

const isRefused = async (url: string): Promise<boolean> => {
  const { hostname, port } = new URL(url);
  const socket = net.connect({ host: hostname, port: Number(port) });
  try {
    await once(socket, 'connect');
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
};

describe('when the process receives SIGTERM while passwords are being hashed', () => {
  const masterKey = newMasterKey();
  let database: TestDatabase;
  let server: ServerProcess;
  let client: HttpClient;
  let signIns: readonly Promise<Answer>[];
  let answered: number;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  beforeEach(async () => {
    server = await startServerProcess({
      DATABASE_URL: database.connectionString,
      LATCHKEY_MASTER_KEY: masterKey,
      LATCHKEY_PASSWORD_WORKERS: '1',
      LATCHKEY_LOG_LEVEL: 'error',
    });
    client = createHttpClient(server.url);
    const { user } = await client.signUp();
    answered = 0;
    signIns = Array.from({ length: SIGN_INS }, async () => {
      const answer = await client.signIn(user.email);
      answered += 1;
      return answer;
    });
    await eventually(() => answered > 0, 'the first sign-in is answered');
    // A new connection is accepted after all others, so their requests have been received.
    for (let n = 0; n < 2; n += 1) {
      const bytes = 'GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
      expect(await sendBytes(server.url, bytes)).toMatch(/^HTTP\/1\.1 200 /);
    }
  });
  afterEach(async () => {
    client.close();
    await server.stop('SIGKILL');
  });

  it('it answers all open requests, refuses new connections, and exits 0', async () => {
    const stopped = server.stop('SIGTERM');

    await eventually(() => isRefused(server.url), 'new connections are refused');
    expect(answered).toBeLessThan(SIGN_INS);

    const answers = await Promise.all(signIns);
    for (const answer of answers) expectSignedIn(answer);
    // An idle connection of a proxy must not keep the process from exiting.
    expect(answers.at(-1)?.headers.connection).toBe('close');
    expect(await stopped).toBe(0);
    expect(server.output()).toContain('latchkey: SIGTERM: finishing open requests');
  });

  it('it exits at once after a second signal', async () => {
    const lost = Promise.allSettled(signIns);

    const stopped = server.stop('SIGINT');
    await eventually(() => isRefused(server.url), 'it has begun to stop');
    process.kill(server.pid, 'SIGTERM');

    expect(await stopped).toBe(1);
    expect((await lost).map(({ status }) => status)).toContain('rejected');
  });
});
