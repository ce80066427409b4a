import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type ManagedPostgres,
  startManagedPostgres,
} from '../../../src/adapters/managed-postgres/managed-postgres.ts';
import { connectionStringFor } from '../../../src/adapters/managed-postgres/managed-postgres-connection.ts';
import { createDatabase } from '../../../src/adapters/postgres/connection/connection.ts';
import {
  createHttpClient,
  expectPair,
  expectProblem,
  type HttpClient,
  PASSWORD,
  type SignedIn,
} from '../../support/servers/http-client.ts';
import {
  newMasterKey,
  type ServerProcess,
  startServerProcess,
} from '../../support/servers/latchkey-process.ts';

describe('when the database is unreachable', () => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'latchkey-away-'));
  chmodSync(dataDir, 0o755);
  let postgres: ManagedPostgres;
  let server: ServerProcess;
  let client: HttpClient;
  let session: SignedIn;

  const startPostgres = () => startManagedPostgres({ dataDir, settings: { fsync: 'off' } });

  beforeAll(async () => {
    postgres = await startPostgres();
    server = await startServerProcess({
      DATABASE_URL: connectionStringFor(postgres, postgres.database),
      LATCHKEY_MASTER_KEY: newMasterKey(),
      LATCHKEY_LOG_LEVEL: 'silent',
    });
    client = createHttpClient(server.url);
    session = await client.signUp();
    await postgres.stop();
  });

  afterAll(async () => {
    client.close();
    await server.stop();
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const newcomer = { email: 'late@example.com', password: PASSWORD, displayName: 'Late' };

  it('every route that needs it answers 503 with Retry-After', async () => {
    const answers = await Promise.all([
      client.call('POST', '/v1/users', { body: newcomer }),
      client.signIn(session.user.email),
      client.refresh(session.refreshToken),
      client.me(session.accessToken),
      client.call('GET', '/v1/sessions', { token: session.accessToken }),
      client.call('DELETE', '/v1/sessions/current', { token: session.accessToken }),
    ]);
    for (const answer of answers) {
      expectProblem(answer, 'service_unavailable');
      expect(answer.headers['retry-after']).toBe('1');
    }
  });

  it('the process is alive, and reports that it is not ready', async () => {
    expect((await client.call('GET', '/health/live')).status).toBe(200);
    const ready = await client.call('GET', '/health/ready');
    expect(ready.status).toBe(503);
    expect(ready.json).toMatchObject({ status: 'not_ready' });
  });

  it('the service recovers by itself, with no incomplete write', async () => {
    postgres = await startPostgres();
    await vi.waitFor(
      async () => expect((await client.call('GET', '/health/ready')).status).toBe(200),
      { timeout: 10_000, interval: 50 },
    );
    expect((await client.me(session.accessToken)).status).toBe(200);
    expectPair(await client.refresh(session.refreshToken));
    expect((await client.signIn(session.user.email)).status).toBe(201);
    expect((await client.call('POST', '/v1/users', { body: newcomer })).status).toBe(201);
    const database = createDatabase({
      connectionString: connectionStringFor(postgres, postgres.database),
    });
    const [counts] = await database.query({
      text: `SELECT (SELECT count(*) FROM users)::integer AS users,
        (SELECT count(*) FROM identifier_claims WHERE expires_at IS NULL)::integer AS confirmed,
        (SELECT count(*) FROM sessions WHERE revoked_at IS NOT NULL)::integer AS revoked`,
    });
    await database.close();
    expect(counts).toStrictEqual({ users: 2, confirmed: 2, revoked: 0 });
  });
});
