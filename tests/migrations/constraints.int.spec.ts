import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Queryable } from '../../src/adapters/postgres/connection/connection.ts';
import { type OpenDatabase, openTestDatabase } from '../support/servers/open-database.ts';
import { insertOwner, insertRevokedToken, OWNER } from '../support/sessions/revoked-token-rows.ts';

const FAMILY = '00000000-0000-4000-8000-000000000001';
const OTHER_FAMILY = '00000000-0000-4000-8000-000000000002';

let database: OpenDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.sql('TRUNCATE users, households, signing_keys, revoked_tokens CASCADE');
});

const count = async (table: string) => (await database.sql(`SELECT FROM ${table}`)).length;

const insertUser = (to: Queryable, id: string, householdId: string | null, role = 'user') =>
  to.query({
    text: `INSERT INTO users (id, household_id, role, tier, is_active, created_at, updated_at)
      VALUES ($1, $2, $3, 'free', true, now(), now())`,
    values: [id, householdId, role],
  });
const insertHousehold = (to: Queryable, id: string, ownerId: string) =>
  to.query({
    text: `INSERT INTO households (id, name, owner_id, created_at, updated_at)
      VALUES ($1, 'Home', $2, now(), now())`,
    values: [id, ownerId],
  });
const insertMember = (to: Queryable, householdId: string, userId: string, role: string) =>
  to.query({
    text: 'INSERT INTO household_members VALUES ($1, $2, $3, now())',
    values: [householdId, userId, role],
  });

const insertInvitation = (id: string, role: string) =>
  database.sql(
    `INSERT INTO household_invitations (id, household_id, address_hash, role, invited_by,
        token_hash, created_at, expires_at)
      VALUES ($1, 'hh_1', lpad($1, 64, '0'), $2, $3, lpad($1, 64, '0'), now(), now())`,
    id,
    role,
    OWNER,
  );

const violation = (constraint: string) => ({ constraint });

describe('a user and a household that reference each other', () => {
  it.each([
    { first: 'the user', swapped: false },
    { first: 'the household', swapped: true },
  ])('can be stored together, $first first', async ({ swapped }) => {
    await database.transaction(async (connection) => {
      const inserts = [
        () => insertUser(connection, 'user_1', 'hh_1'),
        () => insertHousehold(connection, 'hh_1', 'user_1'),
      ];
      for (const insert of swapped ? inserts.reverse() : inserts) await insert();
    });
    expect([await count('users'), await count('households')]).toStrictEqual([1, 1]);
  });

  it('cannot be stored without the other, checked at the end of the transaction', async () => {
    const reached: string[] = [];
    const homeless = database.transaction(async (connection) => {
      await insertUser(connection, 'user_1', 'hh_1');
      reached.push('user');
    });
    await expect(homeless).rejects.toMatchObject(violation('users_household_id_fkey'));
    const ownerless = database.transaction(async (connection) => {
      await insertHousehold(connection, 'hh_1', 'user_1');
      reached.push('household');
    });
    await expect(ownerless).rejects.toMatchObject(violation('households_owner_id_fkey'));
    expect(reached).toStrictEqual(['user', 'household']);
    expect([await count('users'), await count('households')]).toStrictEqual([0, 0]);
  });
});

describe('a household', () => {
  it('has one owner', async () => {
    await insertUser(database, 'user_1', null);
    await insertUser(database, 'user_2', null);
    await insertHousehold(database, 'hh_1', 'user_1');
    await insertMember(database, 'hh_1', 'user_1', 'owner');
    await expect(insertMember(database, 'hh_1', 'user_2', 'owner')).rejects.toMatchObject(
      violation('household_members_one_owner'),
    );
    await insertMember(database, 'hh_1', 'user_2', 'viewer');
    expect(await count('household_members')).toBe(2);
  });

  it('may change its owner in one transaction, in either order', async () => {
    await insertUser(database, 'user_1', null);
    await insertUser(database, 'user_2', null);
    await insertHousehold(database, 'hh_1', 'user_1');
    await insertMember(database, 'hh_1', 'user_1', 'owner');
    await insertMember(database, 'hh_1', 'user_2', 'admin');
    const become = (to: Queryable, userId: string, role: string) =>
      to.query({
        text: 'UPDATE household_members SET role = $2 WHERE user_id = $1',
        values: [userId, role],
      });
    await database.transaction(async (connection) => {
      await become(connection, 'user_2', 'owner');
      await become(connection, 'user_1', 'admin');
    });
    await expect(become(database, 'user_1', 'owner')).rejects.toMatchObject(
      violation('household_members_one_owner'),
    );
    expect(
      await database.sql('SELECT user_id, role FROM household_members ORDER BY 1'),
    ).toStrictEqual([
      { user_id: 'user_1', role: 'admin' },
      { user_id: 'user_2', role: 'owner' },
    ]);
  });

  it('is deleted with its members and invitations, while sessions keep its id', async () => {
    await insertOwner(database);
    await insertHousehold(database, 'hh_1', OWNER);
    await insertMember(database, 'hh_1', OWNER, 'owner');
    await insertInvitation('inv_1', 'viewer');
    await database.sql(
      `INSERT INTO sessions (id, user_id, household_id, created_at, last_used_at, expires_at)
        VALUES ($1, $2, 'hh_1', now(), now(), now())`,
      FAMILY,
      OWNER,
    );
    await database.sql('DELETE FROM households');
    expect([await count('household_members'), await count('household_invitations')]).toStrictEqual([
      0, 0,
    ]);
    expect(await database.sql('SELECT household_id FROM sessions')).toStrictEqual([
      { household_id: 'hh_1' },
    ]);
  });

  it('refuses an invitation as owner, and one to another household', async () => {
    await insertOwner(database);
    await expect(insertInvitation('inv_1', 'viewer')).rejects.toMatchObject(
      violation('household_invitations_household_id_fkey'),
    );
    await insertHousehold(database, 'hh_1', OWNER);
    await expect(insertInvitation('inv_1', 'owner')).rejects.toMatchObject(
      violation('household_invitations_role_check'),
    );
  });

  it('allows four roles', async () => {
    await insertUser(database, 'user_1', null);
    await insertHousehold(database, 'hh_1', 'user_1');
    await expect(insertMember(database, 'hh_1', 'user_1', 'king')).rejects.toMatchObject(
      violation('household_members_role_check'),
    );
  });
});

describe('a user', () => {
  it('is an administrator by role alone', async () => {
    await insertUser(database, 'user_1', null, 'admin');
    await insertUser(database, 'user_2', null, 'user');
    expect(await database.sql('SELECT id, is_admin FROM users ORDER BY id')).toStrictEqual([
      { id: 'user_1', is_admin: true },
      { id: 'user_2', is_admin: false },
    ]);
    await expect(database.sql('UPDATE users SET is_admin = true')).rejects.toMatchObject({
      code: '428C9',
    });
    await expect(insertUser(database, 'user_3', null, 'king')).rejects.toMatchObject(
      violation('users_role_check'),
    );
  });

  it('is deleted with sessions and tokens, but not with revocations', async () => {
    await insertOwner(database);
    await insertRefreshToken(1, FAMILY);
    await insertRevokedToken(database, 'jti');
    await database.sql(
      `INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
        VALUES ($1, $2, now(), now(), now())`,
      FAMILY,
      OWNER,
    );
    await database.sql('DELETE FROM users');
    const left = await Promise.all(['sessions', 'refresh_tokens', 'revoked_tokens'].map(count));
    expect(left).toStrictEqual([0, 0, 1]);
  });
});

const insertRefreshToken = (generation: number, family: string) =>
  database.sql(
    `INSERT INTO refresh_tokens (id, user_id, token_hash, token_family, generation, issued_at, expires_at)
      VALUES ($1, $2, lpad($1, 64, '0'), $3, $4, now(), now())`,
    `${family}-${generation}`,
    OWNER,
    family,
    generation,
  );

describe('a token family', () => {
  beforeEach(async () => {
    await insertOwner(database);
    await insertRefreshToken(0, FAMILY);
  });

  it('refuses a second live token', async () => {
    await expect(insertRefreshToken(1, FAMILY)).rejects.toMatchObject(
      violation('refresh_tokens_one_live'),
    );
    await insertRefreshToken(0, OTHER_FAMILY);
  });

  it.each(['rotated_at', 'revoked_at'])(
    'accepts the next token when the first has its %s',
    async (column) => {
      await database.sql(`UPDATE refresh_tokens SET ${column} = now()`);
      await insertRefreshToken(1, FAMILY);
      await expect(insertRefreshToken(2, FAMILY)).rejects.toMatchObject(
        violation('refresh_tokens_one_live'),
      );
      await expect(
        database.sql(`UPDATE refresh_tokens SET ${column} = NULL`),
      ).rejects.toMatchObject(violation('refresh_tokens_one_live'));
    },
  );
});

describe('signing keys', () => {
  it.each(['next', 'active'])('allow no second key with the status %s', async (status) => {
    const insert = (kid: string) =>
      database.sql(
        `INSERT INTO signing_keys (kid, algorithm, status, public_jwk, encrypted_private_jwk, created_at)
          VALUES ($1, 'ES256', $2, '{}', '', now())`,
        kid,
        status,
      );
    await insert('one');
    await expect(insert('two')).rejects.toMatchObject(
      violation('signing_keys_one_next_one_active'),
    );
  });
});
