import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { newAccount } from '../../support/identity/new-account.ts';
import {
  allTables,
  type ComposedSystem,
  composeSystem,
  visitor,
} from '../../support/servers/composed-system.ts';
import {
  insertOwner,
  insertRevokedToken,
  OWNER,
} from '../../support/sessions/revoked-token-rows.ts';

let system: ComposedSystem;

beforeEach(async () => {
  system = await composeSystem();
});
afterEach(() => system?.close());

const cleanup = () => system.get(tokens.cleanup)();
const drift = async () =>
  (await system.get(tokens.projections).verify(allTables, () => undefined)).drift;

const column = async (table: string, name: string) => {
  const rows = await system.sql<{ value: string }>(
    `SELECT ${name}::text AS value FROM ${table} ORDER BY 1`,
  );
  return rows.map(({ value }) => value);
};
const nothing = {
  household_invitations: 0,
  identifier_claims: 0,
  sessions: 0,
  refresh_tokens: 0,
  revoked_tokens: 0,
  tokens: 0,
  rate_limits: 0,
  invitation_addresses: 0,
  pending_accounts: 0,
};

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const insertSession = (n: number, expiresIn: string, revoked = false) =>
  system.sql(
    `INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, revoked_at)
      VALUES ($1, $2, now(), now(), now() + $3::interval, CASE WHEN $4 THEN now() END)`,
    uuid(n),
    OWNER,
    expiresIn,
    revoked,
  );

const insertRefreshToken = (n: number, expiresIn: string, rotated = false) =>
  system.sql(
    `INSERT INTO refresh_tokens (id, user_id, token_hash, token_family, generation, issued_at,
        expires_at, rotated_at)
      VALUES ($1, $2, lpad($1, 64, '0'), $3, 0, now(), now() + $4::interval,
        CASE WHEN $5 THEN now() END)`,
    `token-${n}`,
    OWNER,
    uuid(n),
    expiresIn,
    rotated,
  );

describe('the rows that a clean-up deletes', () => {
  beforeEach(() => insertOwner(system.get(tokens.database)));

  it('are sessions that expired thirty days ago, ended or not', async () => {
    await insertSession(1, '1 day');
    await insertSession(2, '1 day', true);
    await insertSession(3, '-29 days -23 hours');
    await insertSession(4, '-29 days -23 hours', true);
    await insertSession(5, '-30 days -1 second');
    await insertSession(6, '-1 year', true);
    expect(await cleanup()).toStrictEqual({ ...nothing, sessions: 2 });
    expect(await column('sessions', 'id')).toStrictEqual([1, 2, 3, 4].map(uuid));
  });

  it('are refresh tokens that expired thirty days ago, rotated or not', async () => {
    await insertRefreshToken(1, '1 day');
    await insertRefreshToken(2, '1 day', true);
    await insertRefreshToken(3, '-29 days -23 hours', true);
    await insertRefreshToken(4, '-30 days -1 second');
    await insertRefreshToken(5, '-1 year', true);
    expect(await cleanup()).toStrictEqual({ ...nothing, refresh_tokens: 2 });
    expect(await column('refresh_tokens', 'id')).toStrictEqual(['token-1', 'token-2', 'token-3']);
  });

  it('are revoked access tokens that expired an hour ago', async () => {
    const database = system.get(tokens.database);
    await insertRevokedToken(database, 'alive');
    await insertRevokedToken(database, 'expired', '-59 minutes');
    await insertRevokedToken(database, 'old', '-1 hour -1 second');
    expect(await cleanup()).toStrictEqual({ ...nothing, revoked_tokens: 1 });
    expect(await column('revoked_tokens', 'jti')).toStrictEqual(['alive', 'expired']);
  });

  it('are one-time tokens that expired an hour ago', async () => {
    await system.sql(
      `INSERT INTO tokens (user_id, type, number, token_hash, created_at, expires_at)
        SELECT $1, 'email_change_undo', n, lpad(n::text, 64, '0'), now(), now() + ends
        FROM (VALUES (1, interval '1 day'), (2, interval '-59 minutes'),
          (3, interval '-1 hour -1 second')) AS token (n, ends)`,
      OWNER,
    );
    expect(await cleanup()).toStrictEqual({ ...nothing, tokens: 1 });
    expect(await column('tokens', 'number')).toStrictEqual(['1', '2']);
  });

  it('are invitations that expired an hour ago, with the address each went to', async () => {
    await system.sql(
      `INSERT INTO households (id, name, owner_id, created_at, updated_at)
        VALUES ('hh_1', 'One', $1, now(), now())`,
      OWNER,
    );
    await system.sql(
      `WITH invited AS (
          INSERT INTO household_invitations (id, household_id, address_hash, role, invited_by,
            token_hash, created_at, expires_at)
          SELECT id, 'hh_1', repeat('0', 64), 'member', $1, lpad(id, 64, '0'), now(), now() + ends
          FROM (VALUES ('inv_1', interval '1 day'), ('inv_2', interval '-59 minutes'),
            ('inv_3', interval '-1 hour -1 second')) AS invitation (id, ends) RETURNING id
        )
        INSERT INTO invitation_addresses
          SELECT id, 'ben@example.com', now() - interval '61 minutes' FROM invited`,
      OWNER,
    );
    const removed = { household_invitations: 1, invitation_addresses: 2 };
    expect(await cleanup()).toStrictEqual({ ...nothing, ...removed });
    expect(await column('household_invitations', 'id')).toStrictEqual(['inv_1', 'inv_2']);
    expect(await column('invitation_addresses', 'invitation_id')).toStrictEqual(['inv_1']);
  });

  it('are claims that expired unconfirmed', async () => {
    await system.sql(`INSERT INTO identifier_claims VALUES
      ('email', 'confirmed', 'user_1', NULL),
      ('email', 'pending', 'user_2', now() + interval '1 minute'),
      ('email', 'expired', 'user_3', now() - interval '61 minutes'),
      ('username', 'expired', 'user_4', now() - interval '1 year')`);
    expect(await cleanup()).toStrictEqual({ ...nothing, identifier_claims: 2 });
    expect(await column('identifier_claims', 'value')).toStrictEqual(['confirmed', 'pending']);
  });

  it('are deleted entirely if they exceed a batch', async () => {
    await system.sql(
      `INSERT INTO revoked_tokens (jti, user_id, revoked_at, expires_at)
        SELECT 'jti-' || n, $1, now(), now() - interval '2 hours' FROM generate_series(1, 10001) AS n`,
      OWNER,
    );
    await insertRevokedToken(system.get(tokens.database), 'alive');
    expect(await cleanup()).toStrictEqual({ ...nothing, revoked_tokens: 10_001 });
    expect(await column('revoked_tokens', 'jti')).toStrictEqual(['alive']);
    expect(await cleanup()).toStrictEqual(nothing);
  });
});

describe('a system with live and obsolete rows', () => {
  const LONG_AGO = '2020-01-01T00:00:00.000Z';

  /** A sign-up whose session ended when it was `startedAt`, with its revoked access token. */
  const useAndLeave = async (startedAt: string) => {
    const { input } = newAccount();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(startedAt) });
    const { registration, endSessions } = system.get(tokens.http);
    const { user } = await registration.registerUser(input, visitor);
    await endSessions({ userId: user.id, reason: 'sign_out' }, visitor);
    vi.useRealTimers();
  };

  it('shows no drift before and after a clean-up, and loses no user', async () => {
    await system.get(tokens.signingKeyStore).ensureKeys();
    await system.get(tokens.signingKeys).load();
    await useAndLeave(LONG_AGO);
    await useAndLeave(new Date().toISOString());
    const log = await column('events', 'event_id');
    expect(await drift()).toStrictEqual([]);
    expect(await cleanup()).toStrictEqual({
      ...nothing,
      sessions: 1,
      refresh_tokens: 1,
      revoked_tokens: 1,
      tokens: 1,
    });
    expect(await drift()).toStrictEqual([]);
    expect(await column('events', 'event_id')).toStrictEqual(log);
    const { rows } = await system.get(tokens.projections).status();
    expect(rows).toStrictEqual({
      users: 2,
      households: 2,
      household_members: 2,
      household_invitations: 0,
      identifier_claims: 4,
      sessions: 1,
      refresh_tokens: 1,
      revoked_tokens: 1,
      tokens: 1,
    });
    expect(await cleanup()).toStrictEqual(nothing);
  });
});
