import type { Knex } from 'knex';

/** Projections of `tokenFamily-` streams. A rebuild restores their rows. */
export const up = async (knex: Knex): Promise<void> => {
  await knex.raw(`
    -- One row per token family: one sign-in.
    CREATE TABLE sessions (
      id uuid PRIMARY KEY,
      user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
      household_id text REFERENCES households (id) ON DELETE SET NULL
        DEFERRABLE INITIALLY DEFERRED,
      device_name text,
      ip text,
      user_agent text,
      created_at timestamptz NOT NULL,
      last_used_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      revoked_at timestamptz,
      revoked_reason text
    ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
    CREATE INDEX sessions_user_id_index ON sessions (user_id) WHERE revoked_at IS NULL;
    CREATE INDEX sessions_expires_at_index ON sessions (expires_at);

    -- One row per generation. The times show whether it is expired or revoked.
    CREATE TABLE refresh_tokens (
      id text PRIMARY KEY,
      user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
      household_id text REFERENCES households (id) ON DELETE SET NULL
        DEFERRABLE INITIALLY DEFERRED,
      -- SHA-256 of the token, hex. The token itself is not stored.
      token_hash char(64) NOT NULL UNIQUE,
      token_family uuid NOT NULL,
      generation integer NOT NULL,
      issued_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      rotated_at timestamptz,
      revoked_at timestamptz,
      revoked_reason text
    ) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
    CREATE INDEX refresh_tokens_user_id_index ON refresh_tokens (user_id);
    CREATE INDEX refresh_tokens_expires_at_index ON refresh_tokens (expires_at);
    -- Guarantees at most one live token per family.
    CREATE UNIQUE INDEX refresh_tokens_one_live ON refresh_tokens (token_family)
      WHERE rotated_at IS NULL AND revoked_at IS NULL;
    CREATE INDEX refresh_tokens_token_family_index ON refresh_tokens (token_family);

    CREATE TABLE revoked_tokens (
      jti text PRIMARY KEY,
      user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
      revoked_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      -- Lets every process read new rows without missing a transaction that commits late.
      listed_xid xid8 NOT NULL DEFAULT pg_current_xact_id()
    );
    CREATE INDEX revoked_tokens_listed_xid_index ON revoked_tokens (listed_xid);
    CREATE INDEX revoked_tokens_expires_at_index ON revoked_tokens (expires_at);
    CREATE INDEX revoked_tokens_user_id_index ON revoked_tokens (user_id);

    CREATE FUNCTION latchkey_notify_revocation() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NOTIFY latchkey_revocations;
      RETURN NULL;
    END $$;
    CREATE TRIGGER revoked_tokens_notify AFTER INSERT ON revoked_tokens
      FOR EACH STATEMENT EXECUTE FUNCTION latchkey_notify_revocation();

    -- Whether the projected tables above cover the whole log, which an older log needs a rebuild for.
    CREATE TABLE projection_checkpoints (
      projection text PRIMARY KEY,
      status text NOT NULL CHECK (status IN ('current', 'rebuild_required')),
      updated_at timestamptz NOT NULL
    );
    INSERT INTO projection_checkpoints
      SELECT 'inline', CASE WHEN EXISTS (SELECT FROM events) THEN 'rebuild_required' ELSE 'current' END,
             now();
  `);
};

export const down = async (knex: Knex): Promise<void> => {
  await knex.raw(`
    DROP TABLE projection_checkpoints;
    DROP TABLE revoked_tokens;
    DROP FUNCTION latchkey_notify_revocation();
    DROP TABLE refresh_tokens;
    DROP TABLE sessions;
  `);
};
