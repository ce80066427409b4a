import type { Knex } from 'knex';
import { completeUsers, isAdopted } from './support/adopted-users.ts';

const USERS = `
    CREATE TABLE users (
      -- A TypeID (user_…), or the id in the system that the account came from.
      id text PRIMARY KEY,
      username text UNIQUE,
      email text UNIQUE,
      email_verified_at timestamptz,
      -- PHC string; null for accounts that sign in another way.
      password_hash text,
      display_name text,
      -- The default household, created with the account.
      household_id text,
      role text NOT NULL CHECK (role IN ('user', 'admin')),
      tier text NOT NULL CHECK (tier IN ('anonymous', 'free', 'member')),
      is_active boolean NOT NULL,
      is_admin boolean NOT NULL GENERATED ALWAYS AS (role = 'admin') STORED,
      locked_until timestamptz,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL
    );
`;

/** Projections of `user-` and `household-` streams. A rebuild restores their rows. */
export const up = async (knex: Knex): Promise<void> => {
  if (await isAdopted(knex)) await completeUsers(knex);
  else await knex.raw(USERS);
  await knex.raw(`
    CREATE TABLE households (
      id text PRIMARY KEY,
      name text NOT NULL,
      owner_id text NOT NULL,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL
    );

    -- The tables reference each other: checked when the transaction ends, not row by row.
    ALTER TABLE users ADD CONSTRAINT users_household_id_fkey FOREIGN KEY (household_id)
      REFERENCES households (id) DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE households ADD CONSTRAINT households_owner_id_fkey FOREIGN KEY (owner_id)
      REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED;
    CREATE INDEX users_household_id_index ON users (household_id);
    CREATE INDEX households_owner_id_index ON households (owner_id);

    CREATE TABLE household_members (
      household_id text NOT NULL REFERENCES households (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
      user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
      role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
      joined_at timestamptz NOT NULL,
      PRIMARY KEY (household_id, user_id)
    );
    CREATE INDEX household_members_user_id_index ON household_members (user_id);
    CREATE UNIQUE INDEX household_members_one_owner ON household_members (household_id)
      WHERE role = 'owner';

    -- No foreign key: claims are made before the account exists. Confirmed claims never expire.
    CREATE TABLE identifier_claims (
      kind text NOT NULL CHECK (kind IN ('email', 'username')),
      value text NOT NULL,
      user_id text NOT NULL,
      expires_at timestamptz,
      PRIMARY KEY (kind, value)
    );
    CREATE INDEX identifier_claims_user_id_index ON identifier_claims (user_id);
  `);
};

export const down = async (knex: Knex): Promise<void> => {
  if (await isAdopted(knex)) throw new Error('the users were adopted: run latchkey adopt rollback');
  await knex.raw(`
    DROP TABLE identifier_claims;
    DROP TABLE household_members;
    ALTER TABLE users DROP CONSTRAINT users_household_id_fkey;
    DROP TABLE households;
    DROP TABLE users;
  `);
};
