import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { openSharedLog } from '../../support/event-log/shared-log.ts';
import { allTables } from '../../support/servers/composed-system.ts';
import type { SignedIn } from '../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../support/servers/running-app.ts';

/** Plants drift in columns that the requests of this spec do not read. */
const DRIFT = [
  `UPDATE users SET locale = 'de', updated_at = now()`,
  'UPDATE household_members SET joined_at = now()',
  'UPDATE households SET updated_at = now()',
  `UPDATE sessions SET device_name = 'somebody else''s'`,
  'UPDATE refresh_tokens SET issued_at = now()',
  'UPDATE revoked_tokens SET revoked_at = now()',
  "UPDATE identifier_claims SET held_until = now() + interval '1 day'",
];

/** Columns: four of users, two of each of the others, one of the one revoked token. */
const DRIFTED = 4 + 2 + 2 + 2 + 2 + 1 + 2;

type Ask = () => Promise<unknown>;

/** Repeats all requests from before `work` until after it. @returns the distinct answers */
const answersDuring = async (asks: Readonly<Record<string, Ask>>, work: () => Promise<void>) => {
  let over = false;
  let rounds = 0;
  const answers = Object.entries(asks).map(async ([name, ask]) => {
    const seen = new Set([await ask()]);
    while (!over) {
      seen.add(await ask());
      rounds += 1;
    }
    return [name, [...seen]] as const;
  });
  await work();
  over = true;
  return { answers: Object.fromEntries(await Promise.all(answers)), rounds };
};

const homes = {
  PostgreSQL: async () => {
    const app = await startRunningApp();
    return { app, close: app.close };
  },
  EventStoreDB: async () => {
    const log = await openSharedLog();
    return { app: await log.serve(), close: log.close };
  },
};

describe.each(Object.entries(homes))('while drifted tables are rebuilt, log in %s', (_, open) => {
  let app: RunningApp;
  let close: () => Promise<void>;
  let ann: SignedIn;
  let ben: SignedIn;
  let household: string;
  beforeAll(async () => {
    ({ app, close } = await open());
    ann = await app.client.signUp();
    ben = await app.client.signUp();
    await app.client.call('DELETE', '/v1/sessions/current', { token: ben.accessToken });
    const [row] = await app.sql<{ id: string }>(
      'SELECT household_id AS id FROM household_members WHERE user_id = $1',
      ann.user.id,
    );
    household = row?.id ?? '';
  });
  afterAll(() => close?.());

  it('every request finds its user, membership, session and revocation', async () => {
    const { client, sql, get } = app;
    const me = async (token: string) => (await client.me(token)).status;
    const count = async (text: string) => (await sql(text)).length;
    const { answers, rounds } = await answersDuring(
      {
        user: () => me(ann.accessToken),
        member: async () => {
          const path = `/v1/households/${household}`;
          return (await client.call('GET', path, { token: ann.accessToken })).status;
        },
        revoked: () => me(ben.accessToken),
        revokedSession: async () => (await client.refresh(ben.refreshToken)).status,
        denylist: () => count('SELECT FROM revoked_tokens'),
        claims: () => count('SELECT FROM identifier_claims'),
        tokens: () => count('SELECT FROM refresh_tokens'),
      },
      async () => {
        for (let run = 0; run < 3; run += 1) {
          for (const text of DRIFT) await sql(text);
          const { drift } = await get(tokens.projections).rebuild(allTables, () => undefined);
          expect(drift).toHaveLength(DRIFTED);
        }
      },
    );
    expect(answers).toStrictEqual({
      user: [200],
      member: [200],
      revoked: [401],
      revokedSession: [401],
      denylist: [1],
      claims: [2],
      tokens: [2],
    });
    expect(rounds).toBeGreaterThan(30);
    const { drift } = await get(tokens.projections).verify(allTables, () => undefined);
    expect(drift).toStrictEqual([]);
  });
});
