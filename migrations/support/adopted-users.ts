import type { Knex } from 'knex';

/** The schema in which an adoption records its changes. */
const JOURNAL = 'latchkey_adoption';

export const isAdopted = async (knex: Knex): Promise<boolean> => {
  const { rows } = await knex.raw<{ rows: { found: boolean }[] }>(
    'SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = ?) AS found',
    [JOURNAL],
  );
  return rows[0]?.found === true;
};

/**
 * Adds the columns that an adopted table of users lacks. The adoption has renamed existing columns
 * of these names, except for the id. The values are placeholders until each account is projected.
 */
export const completeUsers = async (knex: Knex): Promise<void> => {
  await knex.raw(`
    ALTER TABLE users
      ADD COLUMN username text UNIQUE,
      ADD COLUMN email text UNIQUE,
      ADD COLUMN email_verified_at timestamptz,
      ADD COLUMN password_hash text,
      ADD COLUMN display_name text,
      ADD COLUMN household_id text,
      ADD COLUMN role text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin')),
      ADD COLUMN tier text NOT NULL DEFAULT 'free'
        CHECK (tier IN ('anonymous', 'free', 'member')),
      ADD COLUMN is_active boolean NOT NULL DEFAULT false,
      ADD COLUMN is_admin boolean NOT NULL GENERATED ALWAYS AS (role = 'admin') STORED,
      ADD COLUMN locked_until timestamptz,
      ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
      ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
    ALTER TABLE users
      ALTER COLUMN role DROP DEFAULT,
      ALTER COLUMN tier DROP DEFAULT,
      ALTER COLUMN is_active DROP DEFAULT,
      ALTER COLUMN created_at DROP DEFAULT,
      ALTER COLUMN updated_at DROP DEFAULT;
  `);
};
