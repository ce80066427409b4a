import type { Knex } from 'knex';
import { park, unpark } from './support/park-table.ts';

const TABLES = ['rate_limits', 'resource_servers'] as const;

/** Rate limits across processes and restarts, resource servers, and indexes for administrators. */
export const up = async (knex: Knex): Promise<void> => {
  await knex.raw(`
    CREATE INDEX users_in_order_of_age ON users (created_at, id);
    CREATE INDEX users_email_prefix ON users (email text_pattern_ops);
    CREATE INDEX users_username_prefix ON users (username text_pattern_ops);
    CREATE INDEX users_display_name_prefix ON users (lower(display_name) text_pattern_ops);
    CREATE INDEX streams_subject_id_index ON streams (subject_id);
    CREATE INDEX events_occurred_at_range ON events USING brin (occurred_at);
  `);
  if (await unpark(knex, TABLES)) return;
  await knex.raw(`
    CREATE TABLE rate_limits (
      key varchar(255) PRIMARY KEY,
      points integer NOT NULL DEFAULT 0,
      -- Milliseconds since the epoch.
      expire bigint
    );
    CREATE INDEX rate_limits_expire_index ON rate_limits (expire);

    -- Servers that may ask whether a token is active (RFC 7662, 2.1).
    CREATE TABLE resource_servers (
      id text PRIMARY KEY,
      name text NOT NULL UNIQUE,
      -- SHA-256 of the secret, hex: 32 random bytes need no slow hash.
      secret_hash char(64) NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );
  `);
};

export const down = async (knex: Knex): Promise<void> => {
  await park(knex, TABLES);
  await knex.raw(`
    DROP INDEX events_occurred_at_range;
    DROP INDEX streams_subject_id_index;
    DROP INDEX users_display_name_prefix;
    DROP INDEX users_username_prefix;
    DROP INDEX users_email_prefix;
    DROP INDEX users_in_order_of_age;
  `);
};
