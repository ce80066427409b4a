import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDatabase,
  type Database,
} from '../../../src/adapters/postgres/connection/connection.ts';
import { createHttpClient, expectPair, type TokenPair } from '../../support/servers/http-client.ts';
import {
  freePort,
  newMasterKey,
  runLatchkey,
  type ServerProcess,
  startServerProcess,
} from '../../support/servers/latchkey-process.ts';
import { countTypes, logOf } from '../../support/servers/log-of.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers/test-database.ts';

const CLIENTS = 20;
const KILLS = 4;
const REFRESHES_BETWEEN_KILLS = 30;

describe('when the process is killed repeatedly while sessions refresh', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let environment: Record<string, string>;
  let server: ServerProcess;
  let answered = 0;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = createDatabase({ connectionString: testDatabase.connectionString });
    environment = {
      DATABASE_URL: testDatabase.connectionString,
      LATCHKEY_MASTER_KEY: newMasterKey(),
      LATCHKEY_LOG_LEVEL: 'error',
      LATCHKEY_REFRESH_GRACE_SECONDS: '120',
      PORT: String(await freePort()),
    };
    server = await startServerProcess(environment);
  });

  afterAll(async () => {
    await server.stop();
    await database.close();
    await testDatabase.drop();
  });

  /** A correct client: keeps the last pair it received, and repeats a request without an answer. */
  const refreshUntil = async (pair: TokenPair, isOver: () => boolean): Promise<TokenPair> => {
    let last = pair;
    const client = createHttpClient(server.url);
    while (!isOver()) {
      const answer = await client.refresh(last.refreshToken).catch(() => undefined);
      if (answer === undefined || answer.status === 503) await pause(20);
      else {
        last = expectPair(answer);
        answered += 1;
      }
    }
    client.close();
    return last;
  };

  it('every client has a token that works, or works when it is sent again', async () => {
    const client = createHttpClient(server.url);
    const signedUp = [];
    for (let n = 0; n < CLIENTS; n += 1) signedUp.push(await client.signUp());
    client.close();

    let over = false;
    const refreshing = signedUp.map(({ user: _, ...pair }) => refreshUntil(pair, () => over));
    for (let kill = 0; kill < KILLS; kill += 1) {
      const enough = answered + REFRESHES_BETWEEN_KILLS + Math.floor(Math.random() * CLIENTS);
      while (answered < enough) await pause(5);
      await server.stop('SIGKILL');
      server = await startServerProcess(environment);
    }
    over = true;
    const last = await Promise.all(refreshing);

    const after = createHttpClient(server.url);
    for (const { refreshToken } of last) {
      const successor = expectPair(await after.refresh(refreshToken));
      expectPair(await after.refresh(successor.refreshToken));
      expect((await after.me(successor.accessToken)).status).toBe(200);
    }
    after.close();
  });

  it('tokens were rotated under load, and no theft was detected', async () => {
    const counts = countTypes(await logOf(database));
    expect(counts.TokenFamilyStarted).toBe(CLIENTS);
    expect(counts.RefreshTokenRotated).toBeGreaterThan(KILLS * REFRESHES_BETWEEN_KILLS);
    expect(counts.TokenTheftDetected).toBeUndefined();
  });

  it('every family has one valid token, and the tables agree with the log', async () => {
    const live = await database.query({
      text: `SELECT token_family FROM refresh_tokens WHERE rotated_at IS NULL AND revoked_at IS NULL
        GROUP BY token_family HAVING count(*) = 1`,
    });
    expect(live).toHaveLength(CLIENTS);
    const { code, stdout } = await runLatchkey(['projections', 'verify'], environment);
    expect({ code, stdout }).toStrictEqual({
      code: 0,
      stdout: expect.stringMatching(/: 0 differences\n$/),
    });
  });
});
