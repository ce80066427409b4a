import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createDatabase,
  type Database,
} from '../../../src/adapters/postgres/connection/connection.ts';
import {
  createHttpClient,
  expectPair,
  expectProblem,
  type HttpClient,
} from '../../support/servers/http-client.ts';
import {
  newMasterKey,
  runLatchkey,
  type ServerProcess,
  startServerProcess,
} from '../../support/servers/latchkey-process.ts';
import { logOf, typesIn } from '../../support/servers/log-of.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers/test-database.ts';

describe('when two processes serve one database', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let environment: Record<string, string>;
  let servers: readonly ServerProcess[];
  let clients: readonly [HttpClient, HttpClient];

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = createDatabase({ connectionString: testDatabase.connectionString });
    environment = {
      DATABASE_URL: testDatabase.connectionString,
      LATCHKEY_MASTER_KEY: newMasterKey(),
      LATCHKEY_PUBLIC_URL: 'http://auth.example.test',
      LATCHKEY_LOG_LEVEL: 'error',
      LATCHKEY_CHECKPOINT_SECONDS: '1',
    };
    servers = await Promise.all([startServerProcess(environment), startServerProcess(environment)]);
    const [one, two] = servers.map(({ url }) => createHttpClient(url));
    if (one === undefined || two === undefined) throw new TypeError('two servers were started');
    clients = [one, two];
  });

  afterAll(async () => {
    for (const client of clients) client.close();
    for (const server of servers) await server.stop();
    await database.close();
    await testDatabase.drop();
  });

  const evenly = <Answer>(count: number, ask: (client: HttpClient) => Promise<Answer>) =>
    Promise.all(Array.from({ length: count }, (_, n) => ask(clients[n % 2 === 0 ? 0 : 1])));

  it('fifty parallel refreshes of one token cause one rotation and return one successor', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { refreshToken, sessionId } = await clients[0].signUp();
      const answers = await evenly(50, (client) => client.refresh(refreshToken));
      const successors = new Set(answers.map((answer) => expectPair(answer).refreshToken));
      expect(successors.size).toBe(1);
      const types = typesIn(await logOf(database), `tokenFamily-${sessionId}`);
      expect(types.slice(0, 2)).toStrictEqual(['TokenFamilyStarted', 'RefreshTokenRotated']);
      const rest = types.slice(2);
      expect(rest).toStrictEqual(rest.map(() => 'RefreshTokenReplayed'));
      expect(rest.length).toBeLessThanOrEqual(10);
      const [successor = ''] = successors;
      expectPair(await clients[1].refresh(successor));
    }
  });

  it('twenty parallel registrations of one address create one account', async () => {
    const spellings = [
      'Race@Example.com',
      ' race@example.com ',
      'RACE@EXAMPLE.COM',
      'ｒace@example.com',
    ];
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const email = spellings[n % spellings.length];
        const body = { email, password: 'a horse on a staircase', displayName: 'Race' };
        return (await clients[n % 2 === 0 ? 0 : 1].call('POST', '/v1/users', { body })).status;
      }),
    );
    expect(statuses.toSorted()).toStrictEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    const [counts] = await database.query({
      text: `SELECT (SELECT count(*) FROM users WHERE email = 'race@example.com')::integer AS users,
        (SELECT count(*) FROM identifier_claims WHERE value = 'race@example.com')::integer AS claims,
        (SELECT count(*) FROM users WHERE household_id IS NULL)::integer AS homeless`,
    });
    expect(counts).toStrictEqual({ users: 1, claims: 1, homeless: 0 });
  });

  it('the second process refuses what the first has revoked', async () => {
    const session = await clients[0].signUp();
    expect((await clients[1].me(session.accessToken)).status).toBe(200);
    await clients[0].call('DELETE', '/v1/sessions/current', { token: session.accessToken });
    await vi.waitFor(
      async () => expectProblem(await clients[1].me(session.accessToken), 'access_token_invalid'),
      { timeout: 10_000, interval: 20 },
    );
    expectProblem(await clients[1].refresh(session.refreshToken), 'refresh_token_invalid');
  });

  it('no token of a session survives a sign-out that races with refreshes', async () => {
    for (let round = 0; round < 10; round += 1) {
      const session = await clients[0].signUp();
      const [signOut, ...refreshes] = await Promise.all([
        clients[0].call('DELETE', '/v1/sessions/current', { token: session.accessToken }),
        ...Array.from({ length: 6 }, (_, n) =>
          clients[n % 2 === 0 ? 0 : 1].refresh(session.refreshToken),
        ),
      ]);
      expect(signOut.status).toBe(204);
      const pairs = refreshes.filter(({ status }) => status === 200).map(expectPair);
      for (const { accessToken, refreshToken } of [session, ...pairs]) {
        for (const client of clients) {
          expectProblem(await client.refresh(refreshToken), 'refresh_token_invalid');
          await vi.waitFor(
            async () => expectProblem(await client.me(accessToken), 'access_token_invalid'),
            { timeout: 10_000, interval: 20 },
          );
        }
      }
    }
  });

  it('the tables agree with the log at the end', async () => {
    const { code, stdout } = await runLatchkey(['projections', 'verify'], environment);
    expect({ code, stdout }).toStrictEqual({
      code: 0,
      stdout: expect.stringMatching(/: 0 differences\n$/),
    });
  });

  it('the log is unchanged, and one process at a time has signed its checkpoints', async () => {
    const { code, stdout } = await runLatchkey(['audit', 'verify', '--json'], environment);
    const { checkpoints, lastCheckpoint, ...report } = JSON.parse(stdout);
    expect({ code, report }).toMatchObject({
      code: 0,
      report: { checkpointFindings: [], findings: [], totalFindings: 0 },
    });
    expect(checkpoints).toBeGreaterThan(1);
    expect(lastCheckpoint.number).toBe(checkpoints);
  });
});
