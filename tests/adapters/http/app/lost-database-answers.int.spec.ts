import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CuttingProxy, startCuttingProxy } from '../../../support/servers/cutting-proxy.ts';
import { expectPair, expectProblem, type TokenPair } from '../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/servers/test-database.ts';

const LOST_ANSWERS = 6;

describe('a refresh whose database executes queries but loses the answers', () => {
  let database: TestDatabase;
  let proxy: CuttingProxy;
  let app: RunningApp;
  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await startCuttingProxy(database.connectionString);
    app = await startRunningApp({}, proxy);
  });
  afterAll(async () => {
    await app.close();
    await proxy.close();
    await database.drop();
  });

  /** Repeats the request, as a client may after `service_unavailable`. */
  const refresh = async (pair: TokenPair): Promise<{ next: TokenPair; lost: boolean }> => {
    proxy.cutNextAnswer();
    const answer = await app.client.refresh(pair.refreshToken);
    if (answer.status === 200) return { next: expectPair(answer), lost: false };
    expectProblem(answer, 'service_unavailable');
    expect(answer.headers['retry-after']).toBe('1');
    return { next: expectPair(await app.client.refresh(pair.refreshToken)), lost: true };
  };

  it('keeps the session: the repeated request gets the successor', async () => {
    let pair: TokenPair = await app.client.signUp();
    // Sometimes a query of another request loses its answer.
    for (let lost = 0; lost < LOST_ANSWERS; ) {
      const outcome = await refresh(pair);
      expect(outcome.next.refreshToken).not.toBe(pair.refreshToken);
      pair = outcome.next;
      lost += outcome.lost ? 1 : 0;
    }

    expect((await app.client.me(pair.accessToken)).status).toBe(200);
    const types = new Set(await app.events(`tokenFamily-${pair.sessionId}`));
    types.delete('RefreshTokenReplayed');
    expect([...types]).toStrictEqual(['TokenFamilyStarted', 'RefreshTokenRotated']);
  });
});
