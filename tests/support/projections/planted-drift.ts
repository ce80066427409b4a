import { expect } from 'vitest';
import type { Drift } from '../../../src/application/projections/projection-rebuilder.ts';

/** Ids of a registered user, alone in a household, who has invited a viewer to it. */
export type Resident = Readonly<{ id: string; family: string; home: string; invitation: string }>;

/** A change of the tables without events, and the drift that it must cause. */
export type PlantedDrift = Readonly<{
  name: string;
  /** Ann has signed out, Ben has refreshed once. */
  plant: (ann: Resident, ben: Resident) => readonly string[];
  drift: (ann: Resident, ben: Resident) => readonly Drift[];
}>;

type Key = Drift['key'];

const SECRET = '(confidential)';
const NOBODYS = '00000000-0000-4000-8000-000000000666';
const SOME_TIME: unknown = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/);
const claim = { hidden: true };
const TOKEN_KEY = 'user_id,type,number';
const proofOf = (id: string) => ({ user_id: id, type: 'email_verification', number: 0 });

const changed = (table: string, key: Key, column: string, live: unknown, rebuilt: unknown) => ({
  table,
  key,
  column,
  live,
  rebuilt,
});
const secretly = (table: string, key: Key, column: string) =>
  changed(table, key, column, SECRET, SECRET);
const missing = (table: string, key: Key, column = 'id') =>
  changed(table, key, column, '(no row)', 'a row');
const surplus = (table: string, key: Key, column = 'id') =>
  changed(table, key, column, 'a row', '(no row)');

export const plantedDrift: readonly PlantedDrift[] = [
  {
    name: 'a confidential column',
    plant: ({ id }) => [`UPDATE users SET display_name = 'Eve' WHERE id = '${id}'`],
    drift: ({ id }) => [secretly('users', { id }, 'display_name')],
  },
  {
    name: 'a role',
    plant: ({ id }) => [`UPDATE users SET role = 'admin' WHERE id = '${id}'`],
    drift: ({ id }) => [changed('users', { id }, 'role', 'admin', 'user')],
  },
  {
    name: 'a time that was null',
    plant: ({ id }) => [
      `UPDATE users SET locked_until = '2026-01-01T00:00:00Z' WHERE id = '${id}'`,
    ],
    drift: ({ id }) => [
      changed('users', { id }, 'locked_until', expect.stringMatching(/^2026-01-01T/), null),
    ],
  },
  {
    name: "two users' addresses, swapped",
    plant: (ann, ben) => [
      `UPDATE users SET email = NULL WHERE id = '${ann.id}'`,
      `UPDATE users SET email = 'ann@example.com' WHERE id = '${ben.id}'`,
      `UPDATE users SET email = 'ben@example.com' WHERE id = '${ann.id}'`,
    ],
    drift: (ann, ben) => [ann, ben].map(({ id }) => secretly('users', { id }, 'email')),
  },
  {
    name: "a stranger with somebody's address",
    plant: ({ id }) => [
      `UPDATE users SET email = NULL WHERE id = '${id}'`,
      `INSERT INTO users (id, email, role, tier, is_active, created_at, updated_at)
        VALUES ('user_eve', 'ann@example.com', 'admin', 'free', true, now(), now())`,
    ],
    drift: ({ id }) => [secretly('users', { id }, 'email'), surplus('users', { id: 'user_eve' })],
  },
  {
    name: 'a missing revoked access token',
    plant: ({ family }) => [`DELETE FROM revoked_tokens WHERE jti = '${family}.0'`],
    drift: ({ family }) => [missing('revoked_tokens', { jti: `${family}.0` }, 'jti')],
  },
  {
    name: 'a revoked access token that looks expired',
    plant: () => [`UPDATE revoked_tokens SET expires_at = now() - interval '1 day'`],
    drift: ({ family }) => [
      changed('revoked_tokens', { jti: `${family}.0` }, 'expires_at', SOME_TIME, SOME_TIME),
    ],
  },
  {
    name: 'a revoked session that is live again',
    plant: ({ family: id }) => [
      `UPDATE sessions SET revoked_at = NULL, revoked_reason = NULL WHERE id = '${id}'`,
    ],
    drift: ({ family: id }) => [
      changed('sessions', { id }, 'revoked_at', null, SOME_TIME),
      changed('sessions', { id }, 'revoked_reason', null, 'sign_out'),
    ],
  },
  {
    name: 'a session that looks long expired',
    plant: (_, { family }) => [
      `UPDATE sessions SET expires_at = now() - interval '31 days' WHERE id = '${family}'`,
    ],
    drift: (_, { family: id }) => [changed('sessions', { id }, 'expires_at', SOME_TIME, SOME_TIME)],
  },
  {
    name: 'a session without a sign-in, in an unknown household',
    plant: (_, { id, family }) => [
      `INSERT INTO households VALUES ('hh_eve', 'Eve', '${id}', now(), now())`,
      `INSERT INTO sessions (id, user_id, household_id, created_at, last_used_at, expires_at)
        VALUES ('${NOBODYS}', '${id}', 'hh_eve', now(), now(), now() + interval '1 day')`,
      `UPDATE sessions SET household_id = 'hh_eve' WHERE id = '${family}'`,
    ],
    drift: (_, { family: id, home }) => [
      surplus('households', { id: 'hh_eve' }),
      surplus('sessions', { id: NOBODYS }),
      changed('sessions', { id }, 'household_id', 'hh_eve', home),
    ],
  },
  {
    name: 'a missing one-time token, and an invented one',
    plant: ({ id }) => [
      `UPDATE tokens SET type = 'password_reset' WHERE user_id = '${id}'`,
      `UPDATE tokens SET token_hash = repeat('0', 64) WHERE user_id = '${id}'`,
    ],
    drift: ({ id }) => [
      missing('tokens', proofOf(id), TOKEN_KEY),
      surplus('tokens', { ...proofOf(id), type: 'password_reset' }, TOKEN_KEY),
    ],
  },
  {
    name: 'a one-time token with another hash',
    plant: ({ id }) => [`UPDATE tokens SET token_hash = repeat('0', 64) WHERE user_id = '${id}'`],
    drift: ({ id }) => [secretly('tokens', proofOf(id), 'token_hash')],
  },
  {
    name: "two tokens' hashes, swapped",
    plant: (_, { family }) => [
      `UPDATE refresh_tokens SET token_hash = right(token_hash, 63) || '!'
        WHERE token_family = '${family}'`,
      `UPDATE refresh_tokens AS t SET token_hash = left(o.token_hash, 63)
        FROM refresh_tokens AS o WHERE t.token_family = '${family}'
        AND o.token_family = t.token_family AND o.generation <> t.generation`,
    ],
    drift: (_, { family }) =>
      [0, 1].map((n) => secretly('refresh_tokens', { id: `${family}.${n}` }, 'token_hash')),
  },
  {
    name: 'a superseded token marked as live',
    plant: (_, { family }) => [
      `UPDATE refresh_tokens SET rotated_at = now() WHERE id = '${family}.1'`,
      `UPDATE refresh_tokens SET rotated_at = NULL WHERE id = '${family}.0'`,
    ],
    drift: (_, { family }) => [
      changed('refresh_tokens', { id: `${family}.0` }, 'rotated_at', null, SOME_TIME),
      changed('refresh_tokens', { id: `${family}.1` }, 'rotated_at', SOME_TIME, null),
    ],
  },
  {
    name: 'a household with another name and other members',
    plant: (ann, ben) => [
      `UPDATE households SET name = 'Villa' WHERE id = '${ann.home}'`,
      `UPDATE household_members SET user_id = '${ben.id}' WHERE household_id = '${ann.home}'`,
      `UPDATE household_members SET role = 'viewer' WHERE household_id = '${ben.home}'`,
    ],
    drift: (ann, ben) => {
      const member = (home: string, id: string) => ({ user_id: id, household_id: home });
      const table = 'household_members';
      const key = 'household_id,user_id';
      return [
        secretly('households', { id: ann.home }, 'name'),
        missing(table, member(ann.home, ann.id), key),
        surplus(table, member(ann.home, ben.id), key),
        changed(table, member(ben.home, ben.id), 'role', 'viewer', 'owner'),
      ];
    },
  },
  {
    name: 'a household owned by a user who is not a member',
    plant: (ann, ben) => [
      `UPDATE household_members SET role = 'member' WHERE household_id = '${ann.home}'`,
      `INSERT INTO household_members VALUES ('${ann.home}', '${ben.id}', 'owner', now())`,
      `UPDATE households SET owner_id = '${ben.id}' WHERE id = '${ann.home}'`,
    ],
    drift: (ann, ben) => {
      const member = (id: string) => ({ user_id: id, household_id: ann.home });
      const [table, key] = ['household_members', 'household_id,user_id'];
      return [
        changed('households', { id: ann.home }, 'owner_id', ben.id, ann.id),
        changed(table, member(ann.id), 'role', 'member', 'owner'),
        surplus(table, member(ben.id), key),
      ];
    },
  },
  {
    name: 'a missing invitation, and an invented one',
    plant: ({ home }) => [
      `UPDATE household_invitations SET id = 'inv_eve', role = 'admin'
        WHERE household_id = '${home}'`,
    ],
    drift: ({ invitation }) => [
      missing('household_invitations', { id: invitation }),
      surplus('household_invitations', { id: 'inv_eve' }),
    ],
  },
  {
    name: 'an invitation to another role, for another address',
    plant: ({ home }) => [
      `UPDATE household_invitations SET role = 'admin', address_hash = repeat('0', 64)
        WHERE household_id = '${home}'`,
    ],
    drift: ({ invitation: id }) => [
      secretly('household_invitations', { id }, 'address_hash'),
      changed('household_invitations', { id }, 'role', 'admin', 'viewer'),
    ],
  },
  {
    name: 'an identifier of another user',
    plant: (_, { id }) => [`UPDATE identifier_claims SET user_id = '${id}' WHERE value = 'ann'`],
    drift: (ann, ben) => [changed('identifier_claims', claim, 'user_id', ben.id, ann.id)],
  },
  {
    name: 'a missing identifier, claimed by another user since',
    plant: () => [
      `UPDATE identifier_claims SET user_id = 'user_eve', expires_at = now() + interval '1 hour'
        WHERE value = 'ann@example.com'`,
    ],
    drift: ({ id }) => [
      changed('identifier_claims', claim, 'expires_at', SOME_TIME, null),
      changed('identifier_claims', claim, 'user_id', 'user_eve', id),
    ],
  },
  {
    name: 'a deleted user, with all dependent rows',
    plant: (_, { id, home }) => [
      `WITH gone AS (DELETE FROM households WHERE id = '${home}') DELETE FROM users WHERE id = '${id}'`,
    ],
    drift: (_, { id, home, family, invitation }) => [
      missing('users', { id }),
      missing('households', { id: home }),
      missing('household_invitations', { id: invitation }),
      missing('household_members', { user_id: id, household_id: home }, 'household_id,user_id'),
      missing('sessions', { id: family }),
      ...[0, 1].map((n) => missing('refresh_tokens', { id: `${family}.${n}` })),
      missing('tokens', proofOf(id), TOKEN_KEY),
    ],
  },
];
