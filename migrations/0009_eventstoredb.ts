import type { Knex } from 'knex';

/** The location of the event log, and the tables for a log in EventStoreDB. */
export const up = (knex: Knex): Promise<void> =>
  knex.raw(`
    -- One row. No process may append to a log that has moved.
    CREATE TABLE event_log (
      singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
      home text NOT NULL CHECK (home IN ('postgres', 'eventstoredb')),
      since timestamptz NOT NULL DEFAULT now()
    );
    INSERT INTO event_log (home) VALUES ('postgres');

    -- Refuses appends of a server that has not noticed the move; LK503 is Latchkey's.
    CREATE FUNCTION latchkey_log_has_moved() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF current_setting('latchkey.copying', true) = 'on' THEN RETURN NULL; END IF;
      RAISE EXCEPTION 'the event log has moved to EventStoreDB' USING ERRCODE = 'LK503';
    END $$;

    -- The store whose positions these are: in the other store they are meaningless.
    ALTER TABLE policy_checkpoints ADD COLUMN log text NOT NULL DEFAULT 'postgres'
      CHECK (log IN ('postgres', 'eventstoredb'));

    -- The progress of the projector, and the event that stops it.
    CREATE TABLE projector_checkpoints (
      projector text PRIMARY KEY,
      -- The last position up to which all events are projected.
      position text COLLATE "C",
      lag_milliseconds bigint NOT NULL DEFAULT 0,
      -- The last heartbeat of the projector.
      heartbeat_at timestamptz,
      stuck_type text,
      stuck_position text
    );

    -- The searchable index of events. The events themselves are in EventStoreDB.
    CREATE TABLE event_index (
      position text COLLATE "C" PRIMARY KEY,
      event_id uuid NOT NULL,
      stream_id text NOT NULL,
      revision bigint NOT NULL,
      event_number bigint NOT NULL,
      subject_id text,
      type text NOT NULL,
      occurred_at timestamptz NOT NULL
    ) WITH (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
            autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
    CREATE INDEX event_index_stream_id_index ON event_index (stream_id, revision);
    CREATE INDEX event_index_subject_id_index ON event_index (subject_id, position);
  `);

export const down = async (knex: Knex): Promise<void> => {
  const { rows } = await knex.raw<{ rows: { home: string }[] }>('SELECT home FROM event_log');
  if (rows[0]?.home === 'eventstoredb') {
    throw new Error('the event log is in EventStoreDB: move it back with latchkey events copy');
  }
  await knex.raw(`
    DROP TABLE event_index, projector_checkpoints, event_log;
    DROP FUNCTION latchkey_log_has_moved();
    ALTER TABLE policy_checkpoints DROP COLUMN log;
  `);
};
