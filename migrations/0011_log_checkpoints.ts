import type { Knex } from 'knex';
import { park, unpark } from './support/park-table.ts';

const TABLES = ['log_checkpoint_streams', 'log_checkpoints', 'evidence_keys'] as const;

/** Evidence that the log was not altered. It cannot be recreated. */
export const up = async (knex: Knex): Promise<void> => {
  if (await unpark(knex, TABLES)) return;
  await knex.raw(`
    -- Public keys that ever signed evidence. The private ones are derived from the master key.
    CREATE TABLE evidence_keys (
      -- JWK thumbprint (RFC 7638).
      kid text PRIMARY KEY,
      public_jwk jsonb NOT NULL,
      first_used_at timestamptz NOT NULL,
      -- HMAC-SHA256 (hex) under a key derived from the master key.
      seal text NOT NULL
    );

    -- Signed statements of every stream's last revision and chain value.
    CREATE TABLE log_checkpoints (
      number bigint PRIMARY KEY CHECK (number > 0),
      -- The signed root, counts, time, and the hash of the previous checkpoint.
      jws text NOT NULL
    );

    -- The leaves of a checkpoint's Merkle tree, ordered by name: one per stream with new events since
    -- the previous checkpoint.
    CREATE TABLE log_checkpoint_streams (
      checkpoint bigint NOT NULL,
      stream_id text COLLATE "C" NOT NULL,
      from_revision bigint NOT NULL,
      -- -1 when the stream was missing and that was accepted.
      to_revision bigint NOT NULL,
      -- The chain value of the event at to_revision, which covers all events before it.
      chain text NOT NULL,
      -- Whether it was signed although it contradicts earlier leaves of the stream.
      accepted boolean NOT NULL,
      -- Whether a later checkpoint has a leaf for the stream.
      superseded boolean NOT NULL DEFAULT false,
      PRIMARY KEY (checkpoint, stream_id)
    ) WITH (fillfactor = 90);
    CREATE INDEX log_checkpoint_streams_of_stream ON log_checkpoint_streams (stream_id, checkpoint);
    CREATE UNIQUE INDEX log_checkpoint_streams_latest ON log_checkpoint_streams (stream_id)
      WHERE NOT superseded;
  `);
};

export const down = (knex: Knex): Promise<void> => park(knex, TABLES);
