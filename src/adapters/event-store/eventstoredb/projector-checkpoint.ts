import { setTimeout as delay } from 'node:timers/promises';
import {
  type Position,
  type StreamId,
  streamName,
} from '../../../application/kernel/event-store.ts';
import type { Database, Queryable } from '../../postgres/connection/connection.ts';
import { indexedBy } from './indexed-event.ts';
import type { FollowedEvent } from './reading/followed-event.ts';

/** An event that the projector cannot project. */
export type StuckAt = Readonly<{ type: string; position: Position }>;

/** The projector's progress, as the database records it. */
export type ProjectorStatus = Readonly<{
  /** The last projected position; undefined when there is none. */
  position: Position | undefined;
  /** How long the last handled event had waited. */
  lagMilliseconds: number;
  /** Time since the last heartbeat of the projector, in whichever process it runs. */
  silentMilliseconds: number | undefined;
  stuck: StuckAt | undefined;
}>;

type Row = Readonly<{
  position: Position | null;
  lag: number;
  silent: number | null;
  stuck_type: string | null;
  stuck_position: Position | null;
}>;

const PROJECTOR = 'eventstoredb';

const READ = {
  name: 'read_projector_checkpoint',
  text: `SELECT position, lag_milliseconds::float8 AS lag, stuck_type, stuck_position,
    extract(epoch FROM clock_timestamp() - heartbeat_at)::float8 * 1000 AS silent
    FROM projector_checkpoints WHERE projector = '${PROJECTOR}'`,
};

const READ_POSITION = {
  name: 'read_projector_position',
  text: `SELECT position FROM projector_checkpoints WHERE projector = '${PROJECTOR}'`,
};

const MOVE = {
  name: 'move_projector_checkpoint',
  // Moves only from the position that this runner set, so that two runners cannot skip events.
  text: `INSERT INTO projector_checkpoints AS c (projector, position, lag_milliseconds, heartbeat_at)
    VALUES ('${PROJECTOR}', $2, $3, clock_timestamp())
    ON CONFLICT (projector) DO UPDATE SET position = excluded.position, stuck_type = NULL,
      stuck_position = NULL, lag_milliseconds = excluded.lag_milliseconds,
      heartbeat_at = excluded.heartbeat_at
    WHERE c.position IS NOT DISTINCT FROM $1 RETURNING 1`,
};

const BEAT = {
  name: 'beat_projector',
  text: `INSERT INTO projector_checkpoints AS c (projector, heartbeat_at)
    VALUES ('${PROJECTOR}', clock_timestamp())
    ON CONFLICT (projector) DO UPDATE SET heartbeat_at = excluded.heartbeat_at`,
};

const STICK = {
  name: 'stick_projector',
  text: `INSERT INTO projector_checkpoints AS c (projector, heartbeat_at, stuck_type, stuck_position)
    VALUES ('${PROJECTOR}', clock_timestamp(), $1, $2)
    ON CONFLICT (projector) DO UPDATE SET heartbeat_at = excluded.heartbeat_at,
      stuck_type = excluded.stuck_type, stuck_position = excluded.stuck_position`,
};

const RESET = {
  name: 'reset_projector_checkpoint',
  text: `INSERT INTO projector_checkpoints AS c (projector, position)
    VALUES ('${PROJECTOR}', $1)
    ON CONFLICT (projector) DO UPDATE SET position = excluded.position, stuck_type = NULL,
      stuck_position = NULL`,
};

const FORGET_LATER = {
  name: 'forget_later_events',
  text: 'DELETE FROM event_index WHERE $1::text IS NULL OR position > $1',
};

const READ_POSITIONS = {
  name: 'read_indexed_positions',
  text: 'SELECT revision, position FROM event_index WHERE stream_id = $1',
};

const INDEX = {
  name: 'index_events',
  text: `INSERT INTO event_index
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS e (position text, event_id uuid, stream_id text,
      revision bigint, event_number bigint, subject_id text, type text, occurred_at timestamptz,
      session_id text, member_id text)
    ON CONFLICT (position) DO UPDATE SET session_id = excluded.session_id, member_id = excluded.member_id
      WHERE (event_index.session_id, event_index.member_id)
        IS DISTINCT FROM (excluded.session_id, excluded.member_id)`,
};

/** Another process runs the projector now. */
export class CheckpointTaken extends Error {
  constructor() {
    super('another projector has moved the checkpoint');
    this.name = 'CheckpointTaken';
  }
}

const REACH_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 20;

/** Reads the projected position; concurrent callers share one query. */
const createLook = (database: Database) => {
  let looking: Promise<Position | undefined> | undefined;
  const read = async () => {
    const [row] = await database.query<{ position: Position | null }>(READ_POSITION);
    return row?.position ?? undefined;
  };
  return (): Promise<Position | undefined> => {
    looking ??= read().finally(() => {
      looking = undefined;
    });
    return looking;
  };
};

/** The projector's checkpoint and the event index; see `createProjectorCheckpoint`. */
export type ProjectorCheckpoint = ReturnType<typeof createProjectorCheckpoint>;

/** Reads and writes the projector's checkpoint and the event index. */
export const createProjectorCheckpoint = (database: Database, look = createLook(database)) => ({
  read: async (): Promise<ProjectorStatus> => {
    const [row] = await database.query<Row>(READ);
    return {
      position: row?.position ?? undefined,
      lagMilliseconds: row?.lag ?? 0,
      silentMilliseconds: row?.silent ?? undefined,
      stuck:
        row == null || row.stuck_type === null || row.stuck_position === null
          ? undefined
          : { type: row.stuck_type, position: row.stuck_position },
    };
  },

  /**
   * Waits up to `within` milliseconds. @returns whether everything up to `position` is projected
   */
  reach: async (position: Position, within = REACH_WITHIN_MS): Promise<boolean> => {
    for (const deadline = performance.now() + within; ; ) {
      const reached = await look();
      if (reached !== undefined && reached >= position) return true;
      if (performance.now() > deadline) return false;
      await delay(LOOK_EVERY_MS);
    }
  },

  /** Moves the checkpoint, in the transaction that projected the events. @throws CheckpointTaken */
  move: async (
    connection: Queryable,
    from: Position | undefined,
    to: Position,
    lagMilliseconds: number,
  ): Promise<void> => {
    const values = [from ?? null, to, Math.max(0, Math.round(lagMilliseconds))];
    const moved = await connection.query({ ...MOVE, values });
    if (moved.length === 0) throw new CheckpointTaken();
  },

  /**
   * Sets the checkpoint to the end of the log, after a rebuild or a copy, and forgets later events.
   */
  reset: async (connection: Queryable, end: Position | undefined): Promise<void> => {
    await connection.query({ ...FORGET_LATER, values: [end ?? null] });
    await connection.query({ ...RESET, values: [end ?? null] });
  },

  beat: async (): Promise<void> => void (await database.query(BEAT)),

  recordStuck: async ({ type, position }: StuckAt): Promise<void> =>
    void (await database.query({ ...STICK, values: [type, position] })),

  /** Reads the positions of a stream's indexed events, by revision. */
  positionsIn: async (stream: StreamId): Promise<ReadonlyMap<bigint, Position>> => {
    const rows = await database.query<{ revision: string; position: Position }>({
      ...READ_POSITIONS,
      values: [streamName(stream)],
    });
    return new Map(rows.map(({ revision, position }) => [BigInt(revision), position]));
  },

  index: async (connection: Queryable, events: readonly FollowedEvent[]): Promise<void> => {
    const rows = events.map((followed) => ({
      position: followed.position,
      event_id: followed.eventId,
      stream_id: streamName(followed.stream),
      revision: String(followed.revision),
      event_number: String(followed.number),
      subject_id: followed.subject,
      type: followed.event.type,
      occurred_at: followed.metadata.occurredAt,
      ...indexedBy(followed.event, followed.metadata),
    }));
    await connection.query({ ...INDEX, values: [JSON.stringify(rows)] });
  },
});
