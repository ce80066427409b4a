import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createHttpClient,
  expectProblem,
  type HttpClient,
  type SignedIn,
} from '../support/http-client.ts';
import {
  newMasterKey,
  runLatchkey,
  type ServerProcess,
  startServerProcess,
} from '../support/latchkey-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

describe('when sessions and a user have been revoked', () => {
  let database: TestDatabase;
  let environment: Record<string, string>;
  let server: ServerProcess;
  let client: HttpClient;
  let signedOut: SignedIn;
  let stolen: SignedIn;
  let deactivated: SignedIn;
  let untouched: SignedIn;

  const latchkey = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runLatchkey(args, environment);
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: '' });
    return stdout;
  };

  const restart = async () => {
    client.close();
    await server.stop();
    server = await startServerProcess(environment);
    client = createHttpClient(server.url);
  };

  const expectAllAsBefore = async () => {
    for (const { accessToken, refreshToken } of [signedOut, stolen, deactivated]) {
      expectProblem(await client.me(accessToken), 'access_token_invalid');
      expectProblem(await client.refresh(refreshToken), 'refresh_token_invalid');
    }
    expectProblem(await client.signIn(deactivated.user.email), 'invalid_credentials');
    expect((await client.me(untouched.accessToken)).status).toBe(200);
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    environment = {
      DATABASE_URL: database.connectionString,
      LATCHKEY_MASTER_KEY: newMasterKey(),
      LATCHKEY_PUBLIC_URL: 'http://auth.example.test',
      LATCHKEY_LOG_LEVEL: 'silent',
    };
    server = await startServerProcess(environment);
    client = createHttpClient(server.url);
    signedOut = await client.signUp();
    stolen = await client.signUp();
    deactivated = await client.signUp();
    untouched = await client.signUp();
    await client.call('DELETE', '/v1/sessions/current', { token: signedOut.accessToken });
    await client.rotate(stolen, 2);
    expectProblem(await client.refresh(stolen.refreshToken, 'a thief'), 'refresh_token_reused');
    await latchkey('users', 'deactivate', deactivated.user.id);
    // The command ran in another process: this one hears of it.
    await vi.waitFor(async () =>
      expectProblem(await client.me(deactivated.accessToken), 'access_token_invalid'),
    );
  });

  afterAll(async () => {
    client.close();
    await server.stop();
    await database.drop();
  });

  it('refuses them at once', () => expectAllAsBefore());

  it('refuses them after a restart', async () => {
    await restart();
    await expectAllAsBefore();
  });

  it('refuses them after a rebuild, while it serves and after another restart', async () => {
    expect(await latchkey('projections', 'rebuild')).toMatch(/: 0 differences\n$/);
    await expectAllAsBefore();
    await restart();
    await expectAllAsBefore();
  });

  it('refuses them when every projection was dropped and made again from the log', async () => {
    client.close();
    await server.stop();
    expect(await latchkey('migrate', 'down', '--all')).toMatch(/^took back 0008_household_data\n/);
    server = await startServerProcess(environment);
    client = createHttpClient(server.url);
    expect(server.output()).toMatch(/rebuilding the projections from \d+ events/);
    await expectAllAsBefore();
  });

  it('lets a reactivated user sign in, and keeps the old tokens dead', async () => {
    await latchkey('users', 'reactivate', deactivated.user.id);
    expect((await client.signIn(deactivated.user.email)).status).toBe(201);
    expectProblem(await client.me(deactivated.accessToken), 'access_token_invalid');
    expectProblem(await client.refresh(deactivated.refreshToken), 'refresh_token_invalid');
  });
});
