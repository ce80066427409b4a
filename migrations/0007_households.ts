import type { Knex } from 'knex';
import { park, unpark } from './support/park-table.ts';

const TABLES = ['invitation_addresses'] as const;

/** Households with several members, and invitations to them. */
export const up = async (knex: Knex): Promise<void> => {
  await knex.raw(`
    CREATE TABLE household_invitations (
      id text PRIMARY KEY,
      household_id text NOT NULL REFERENCES households (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
      -- HMAC-SHA256 of the invited address, hex: the log does not hold the address.
      address_hash char(64) NOT NULL,
      role text NOT NULL CHECK (role IN ('admin', 'member', 'viewer')),
      invited_by text NOT NULL,
      -- SHA-256 of the token, hex. The token itself is not stored.
      token_hash char(64) NOT NULL UNIQUE,
      created_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL
    );
    CREATE INDEX household_invitations_household_id_index ON household_invitations (household_id);
    CREATE INDEX household_invitations_expires_at_index ON household_invitations (expires_at);

    -- A transfer swaps two roles in one statement: the constraint is checked at its end.
    DROP INDEX household_members_one_owner;
    ALTER TABLE household_members ADD CONSTRAINT household_members_one_owner
      EXCLUDE USING btree (household_id WITH =) WHERE (role = 'owner') DEFERRABLE INITIALLY DEFERRED;

    -- The household of a session is history and outlives the household.
    ALTER TABLE sessions DROP CONSTRAINT sessions_household_id_fkey;
    ALTER TABLE refresh_tokens DROP CONSTRAINT refresh_tokens_household_id_fkey;
    CREATE INDEX sessions_household_id_index ON sessions (household_id) WHERE revoked_at IS NULL;
  `);
  if (await unpark(knex, TABLES)) return;
  await knex.raw(`
    -- The address of an invitation until it is accepted, declined or expired. It is not in the log:
    -- an address that was not verified has no user whose data key could erase it.
    CREATE TABLE invitation_addresses (
      invitation_id text PRIMARY KEY,
      email text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );
  `);
};

export const down = async (knex: Knex): Promise<void> => {
  await park(knex, TABLES);
  await knex.raw(`
    DROP INDEX sessions_household_id_index;
    UPDATE refresh_tokens SET household_id = NULL
      WHERE household_id NOT IN (SELECT id FROM households);
    UPDATE sessions SET household_id = NULL WHERE household_id NOT IN (SELECT id FROM households);
    ALTER TABLE refresh_tokens ADD CONSTRAINT refresh_tokens_household_id_fkey
      FOREIGN KEY (household_id) REFERENCES households (id) ON DELETE SET NULL
      DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE sessions ADD CONSTRAINT sessions_household_id_fkey
      FOREIGN KEY (household_id) REFERENCES households (id) ON DELETE SET NULL
      DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE household_members DROP CONSTRAINT household_members_one_owner;
    CREATE UNIQUE INDEX household_members_one_owner ON household_members (household_id)
      WHERE role = 'owner';
    DROP TABLE household_invitations;
  `);
};
