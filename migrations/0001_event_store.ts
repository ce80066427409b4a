import type { Knex } from 'knex';
import { park, unpark } from './support/park-table.ts';

const TABLES = ['streams', 'events', 'subject_keys', 'signing_keys'] as const;

/**
 * The event log and the data keys, which cannot be recreated: `down` parks them and drops no rows.
 */
export const up = async (knex: Knex): Promise<void> => {
  await knex.raw(`
    -- Aborts an append to several streams when one of them has moved on; LK409 is Latchkey's.
    CREATE FUNCTION latchkey_append_conflict() RETURNS integer LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'a stream has moved on' USING ERRCODE = 'LK409';
    END $$;
  `);
  if (await unpark(knex, TABLES)) return;
  await knex.raw(`
    CREATE TABLE streams (
      stream_id text PRIMARY KEY,
      revision bigint NOT NULL,
      -- The transaction of the last append. None that began earlier may append after it, or a reader
      -- in transaction order would see the stream's events in the wrong order.
      last_xid xid8 NOT NULL,
      -- SHA-256 (hex) over everything the stream holds so far.
      chain text NOT NULL,
      -- The subject whose data key encrypts the personal fields.
      subject_id text,
      snapshot jsonb,
      snapshot_revision bigint,
      snapshot_version integer
    ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

    CREATE SEQUENCE events_global_position AS bigint;

    CREATE TABLE events (
      global_position bigint NOT NULL,
      transaction_id xid8 NOT NULL,
      stream_id text NOT NULL,
      revision bigint NOT NULL,
      event_id uuid NOT NULL,
      type text NOT NULL,
      schema_version integer NOT NULL,
      data jsonb NOT NULL,
      metadata jsonb NOT NULL,
      occurred_at timestamptz NOT NULL,
      PRIMARY KEY (stream_id, revision),
      CONSTRAINT events_event_id_key UNIQUE (event_id)
    ) WITH (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
            autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
    ALTER SEQUENCE events_global_position OWNED BY events.global_position;
    CREATE INDEX events_in_commit_order ON events (transaction_id, global_position);

    -- One data key per subject, wrapped by a key derived from the master key. Deleting the row
    -- erases the subject from every event, including those in backups of the log.
    CREATE TABLE subject_keys (
      subject_id text PRIMARY KEY,
      wrapped_key text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE signing_keys (
      kid text PRIMARY KEY,
      algorithm text NOT NULL,
      status text NOT NULL CHECK (status IN ('next', 'active', 'retired')),
      public_jwk jsonb NOT NULL,
      encrypted_private_jwk text NOT NULL,
      created_at timestamptz NOT NULL,
      activated_at timestamptz,
      retired_at timestamptz
    );
    CREATE UNIQUE INDEX signing_keys_one_next_one_active ON signing_keys (status)
      WHERE status IN ('next', 'active');
  `);
};

export const down = async (knex: Knex): Promise<void> => {
  await knex.raw('DROP FUNCTION latchkey_append_conflict()');
  await park(knex, TABLES);
};
