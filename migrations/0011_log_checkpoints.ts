import type { Knex } from 'knex';
import { park, unpark } from './support/park-table.ts';

const TABLES = ['log_checkpoint_streams', 'log_checkpoints', 'evidence_keys'] as const;

/** What shows that the log is what was written. None of it can be made again. */
export const up = async (knex: Knex): Promise<void> => {
  if (await unpark(knex, TABLES)) return;
  await knex.raw(`
    -- Public keys that ever signed evidence. The private ones follow from the master key.
    CREATE TABLE evidence_keys (
      -- JWK thumbprint (RFC 7638).
      kid text PRIMARY KEY,
      public_jwk jsonb NOT NULL,
      first_used_at timestamptz NOT NULL,
      -- HMAC-SHA256 (hex) under a key that follows from the master key.
      seal text NOT NULL
    );

    -- Signed statements of how far each stream had come, and with which chain value.
    CREATE TABLE log_checkpoints (
      number bigint PRIMARY KEY CHECK (number > 0),
      -- What is signed: root, counts, time, and the hash of the checkpoint before.
      jws text NOT NULL
    );

    -- The leaves of its Merkle tree, in the order of their names: one per stream that moved since
    -- the checkpoint before.
    CREATE TABLE log_checkpoint_streams (
      checkpoint bigint NOT NULL,
      stream_id text COLLATE "C" NOT NULL,
      from_revision bigint NOT NULL,
      -- -1: the stream was gone, and that was accepted.
      to_revision bigint NOT NULL,
      -- Of the event at to_revision: it covers everything before it.
      chain text NOT NULL,
      -- Whether it was signed although earlier leaves of the stream said something else.
      accepted boolean NOT NULL,
      -- Whether a later checkpoint has a leaf of the stream.
      superseded boolean NOT NULL DEFAULT false,
      PRIMARY KEY (checkpoint, stream_id)
    ) WITH (fillfactor = 90);
    CREATE INDEX log_checkpoint_streams_of_stream ON log_checkpoint_streams (stream_id, checkpoint);
    CREATE UNIQUE INDEX log_checkpoint_streams_latest ON log_checkpoint_streams (stream_id)
      WHERE NOT superseded;
  `);
};

export const down = (knex: Knex): Promise<void> => park(knex, TABLES);
