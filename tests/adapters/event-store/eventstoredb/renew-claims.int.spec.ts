import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRenewClaims } from '../../../../src/adapters/event-store/eventstoredb/renew-claims.ts';
import { createPostgresIdentifierClaims } from '../../../../src/adapters/postgres/identity/postgres-identifier-claims.ts';
import { projectEvent } from '../../../../src/application/projections/project-event.ts';
import { registered } from '../../../support/events/user-fixtures.ts';
import { type OpenDatabase, openTestDatabase } from '../../../support/servers/open-database.ts';

describe('before an append that takes an address', () => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  const changesFor = (id: string) =>
    projectEvent({ stream: { category: 'user', id }, event: registered });
  const renew = (id: string) =>
    createRenewClaims(createPostgresIdentifierClaims(database))([
      ...changesFor(id),
      ...changesFor(id),
    ]);
  const claimed = () =>
    database.sql<{ user_id: string; lasts: boolean }>(
      `SELECT DISTINCT user_id, expires_at > now() + interval '100 seconds' AS lasts
       FROM identifier_claims`,
    );
  const expire = () =>
    database.sql(`UPDATE identifier_claims SET expires_at = now() - interval '1 second'`);

  it('the claim is renewed for longer than the append may take', async () => {
    expect(await renew('user_ann')).toBe(true);
    await database.sql(`UPDATE identifier_claims SET expires_at = now() + interval '1 second'`);
    expect(await renew('user_ann')).toBe(true);
    expect(await claimed()).toStrictEqual([{ user_id: 'user_ann', lasts: true }]);
  });

  it('an address that another user has claimed meanwhile is refused', async () => {
    expect(await renew('user_ben')).toBe(false);
    await expire();
    expect(await renew('user_ben')).toBe(true);
    expect(await renew('user_ann')).toBe(false);
    expect(await claimed()).toStrictEqual([{ user_id: 'user_ben', lasts: true }]);
  });

  it('no query is sent when nothing is claimed', async () => {
    const ask = createRenewClaims({ claim: () => Promise.reject(new Error('asked')) });
    expect(await ask(changesFor('user_ann').filter(({ table }) => table === 'users'))).toBe(true);
  });
});
