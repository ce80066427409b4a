import type { Knex } from 'knex';

/** Where the event log lives, and what the database keeps of one that lives in EventStoreDB. */
export const up = (knex: Knex): Promise<void> =>
  knex.raw(`
    -- One row. Nobody may write a log that has moved away.
    CREATE TABLE event_log (
      singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
      home text NOT NULL CHECK (home IN ('postgres', 'eventstoredb')),
      since timestamptz NOT NULL DEFAULT now()
    );
    INSERT INTO event_log (home) VALUES ('postgres');

    -- A server that was not told yet must not write on where the log was; LK503 is ours.
    CREATE FUNCTION latchkey_log_has_moved() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF current_setting('latchkey.copying', true) = 'on' THEN RETURN NULL; END IF;
      RAISE EXCEPTION 'the event log has moved to EventStoreDB' USING ERRCODE = 'LK503';
    END $$;

    -- Whose positions they are: those of one store mean nothing in the other one.
    ALTER TABLE policy_checkpoints ADD COLUMN log text NOT NULL DEFAULT 'postgres'
      CHECK (log IN ('postgres', 'eventstoredb'));

    -- How far the projector has come, and what it cannot get past.
    CREATE TABLE projector_checkpoints (
      projector text PRIMARY KEY,
      -- The last event that is projected, with all before it.
      position text COLLATE "C",
      lag_milliseconds bigint NOT NULL DEFAULT 0,
      -- When the projector was last seen at work.
      heartbeat_at timestamptz,
      stuck_type text,
      stuck_position text
    );

    -- What events there are and whose, to be searched. The events themselves are in EventStoreDB.
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
    throw new Error('the event log is in EventStoreDB: bring it back with latchkey events copy');
  }
  await knex.raw(`
    DROP TABLE event_index, projector_checkpoints, event_log;
    DROP FUNCTION latchkey_log_has_moved();
    ALTER TABLE policy_checkpoints DROP COLUMN log;
  `);
};
