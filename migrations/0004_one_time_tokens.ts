import type { Knex } from 'knex';

/** Projections of `user-` streams: addresses to verify, and the tokens sent to them. */
export const up = async (knex: Knex): Promise<void> => {
  await knex.raw(`
    -- The language of mails, as a language tag (RFC 5646).
    ALTER TABLE users ADD COLUMN locale text NOT NULL DEFAULT 'en';
    -- Requested and not verified: several accounts may wait for the same address.
    ALTER TABLE users ADD COLUMN pending_email text;
    CREATE INDEX users_pending_email_index ON users (pending_email) WHERE pending_email IS NOT NULL;

    -- A replaced address is held for its owner as long as the change can be undone.
    ALTER TABLE identifier_claims ADD COLUMN held_until timestamptz;

    -- One-time tokens that are neither used nor superseded nor revoked.
    CREATE TABLE tokens (
      user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
      type text NOT NULL CHECK (type IN
        ('email_verification', 'password_reset', 'email_change', 'email_change_undo',
         'household_invitation')),
      -- Counts the undo tokens of an account, several of which may be valid; 0 for other types.
      number integer NOT NULL,
      -- SHA-256 of the token, hex. The token itself is not stored.
      token_hash char(64) NOT NULL UNIQUE,
      created_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      PRIMARY KEY (user_id, type, number)
    );
    CREATE INDEX tokens_expires_at_index ON tokens (expires_at);

    UPDATE projection_checkpoints SET status = 'rebuild_required', updated_at = now()
      WHERE EXISTS (SELECT FROM events);
  `);
};

export const down = async (knex: Knex): Promise<void> => {
  await knex.raw(`
    DROP TABLE tokens;
    DELETE FROM identifier_claims WHERE held_until IS NOT NULL;
    ALTER TABLE identifier_claims DROP COLUMN held_until;
    ALTER TABLE users DROP COLUMN pending_email;
    ALTER TABLE users DROP COLUMN locale;
  `);
};
