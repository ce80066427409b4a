import { setTimeout as delay } from 'node:timers/promises';
import {
  type EventStore,
  type Position,
  parseStreamName,
  type RecordedEvent,
  streamName,
} from '../../../application/kernel/event-store.ts';
import type { Database, Queryable } from '../../postgres/connection/connection.ts';
import type { EventCodec, PlacedEvent } from '../event-codec.ts';
import type { DataKey } from '../personal-data-cipher.ts';
import type { StoredEvent } from '../stored-event.ts';
import { firstBrokenLink } from '../verify-chain.ts';

type Dependencies = Readonly<{ database: Database; codec: EventCodec }>;

type EventRow = Readonly<{
  global_position: string;
  transaction_id: string;
  stream_id: string;
  revision: string;
  event_id: string;
  type: string;
  schema_version: number;
  data: StoredEvent['data'];
  metadata: StoredEvent['metadata'];
  wrapped_key: string | null;
}>;

const BATCH = 1_000;
const POLL_MS = 100;

const COLUMNS = `e.global_position, e.transaction_id, e.stream_id, e.revision, e.event_id, e.type,
  e.schema_version, e.data, e.metadata, k.wrapped_key
  FROM events AS e LEFT JOIN subject_keys AS k ON k.subject_id = e.metadata->>'subject'`;

/**
 * In commit order, and only up to the oldest transaction still running, which may yet commit events
 * that precede younger ones.
 */
const READ_LOG = {
  name: 'read_log',
  text: `SELECT ${COLUMNS}
    WHERE (e.transaction_id, e.global_position) > ($1::text::xid8, $2::bigint)
      AND e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
      AND ($3::text[] IS NULL OR split_part(e.stream_id, '-', 1) = ANY ($3))
    ORDER BY e.transaction_id, e.global_position LIMIT $4`,
};

/** The last position that is readable now. */
const READ_END = {
  name: 'read_log_end',
  text: `SELECT transaction_id, global_position FROM events
    WHERE transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY transaction_id DESC, global_position DESC LIMIT 1`,
};

/** Without that limit: complete only while appends are locked out. */
const READ_LOCKED_LOG = {
  name: 'read_locked_log',
  text: `SELECT ${COLUMNS}
    WHERE (e.transaction_id, e.global_position) > ($1::text::xid8, $2::bigint)
    ORDER BY e.transaction_id, e.global_position LIMIT $3`,
};

const READ_WHOLE_STREAM = {
  name: 'read_whole_stream',
  text: `SELECT ${COLUMNS} WHERE e.stream_id = $1 ORDER BY e.revision`,
};

const DIGITS = 20; // of the largest 64-bit number: fixed width makes positions sort as text

/** Converts a row's transaction id and global position to a position. */
export const toPosition = ({
  transaction_id: xid,
  global_position: position,
}: Pick<EventRow, 'transaction_id' | 'global_position'>): Position =>
  `${xid.padStart(DIGITS, '0')}-${position.padStart(DIGITS, '0')}` as Position;

/** Converts a position back; an absent one precedes every event. */
export const fromPosition = (
  position: Position | undefined,
): readonly [xid: string, position: string] => {
  const [xid = '0', global = '0'] = position?.split('-') ?? [];
  return [BigInt(xid).toString(), BigInt(global).toString()];
};

const storedIn = (row: EventRow): StoredEvent => ({
  eventId: row.event_id,
  type: row.type,
  schemaVersion: row.schema_version,
  data: row.data,
  metadata: row.metadata,
});

/** The reading side of the event log in PostgreSQL. */
export type PostgresLog = Pick<EventStore, 'readStream' | 'readAll' | 'subscribe'> &
  Readonly<{
    /** Reads the rest of the log, for a caller that has locked `streams` against appends. */
    readLocked(connection: Queryable, after: Position | undefined): AsyncIterable<RecordedEvent>;
  }>;

/** Reads the log in PostgreSQL: one stream as a whole, or events across streams. */
export const createPostgresLog = ({ database, codec }: Dependencies): PostgresLog => {
  /**
   * With `isBroken`, an event that was moved and cannot be decrypted is returned with tombstones.
   */
  const decode = (placed: PlacedEvent, key: DataKey | undefined, isBroken: boolean) => {
    try {
      return codec.decode(placed, key);
    } catch (error) {
      if (!isBroken) throw error;
      return codec.decode(placed, undefined);
    }
  };

  const toRecorded = (row: EventRow, isBroken = false): RecordedEvent => {
    const stream = parseStreamName(row.stream_id);
    const stored = storedIn(row);
    const { subject, ...metadata } = stored.metadata;
    const key =
      subject === null || row.wrapped_key === null
        ? undefined
        : codec.unwrapKey(subject, row.wrapped_key);
    const revision = BigInt(row.revision);
    return {
      eventId: stored.eventId,
      stream,
      revision,
      position: toPosition(row),
      event: decode({ stream, revision, stored }, key, isBroken),
      metadata,
    };
  };

  const readBatch = (after: Position | undefined, categories: readonly string[] | undefined) =>
    database.query<EventRow>({
      ...READ_LOG,
      values: [...fromPosition(after), categories ?? null, BATCH],
    });

  async function* inBatches(
    after: Position | undefined,
    read: (last: Position | undefined) => Promise<readonly EventRow[]>,
  ): AsyncIterable<RecordedEvent> {
    let last = after;
    for (;;) {
      const rows = await read(last);
      for (const row of rows) yield toRecorded(row);
      const end = rows.at(-1);
      if (end === undefined || rows.length < BATCH) return;
      last = toPosition(end);
    }
  }

  return {
    readStream: async (stream) => {
      const rows = await database.query<EventRow>({
        ...READ_WHOLE_STREAM,
        values: [streamName(stream)],
      });
      const placed = rows.map((row) => ({
        stream,
        revision: BigInt(row.revision),
        stored: storedIn(row),
      }));
      const firstBroken = firstBrokenLink(placed);
      const isBroken = firstBroken !== undefined;
      return { events: rows.map((row) => toRecorded(row, isBroken)), firstBroken };
    },

    readAll: (after) => inBatches(after, (last) => readBatch(last, undefined)),

    readLocked: (connection, after) =>
      inBatches(after, (last) =>
        connection.query<EventRow>({
          ...READ_LOCKED_LOG,
          values: [...fromPosition(last), BATCH],
        }),
      ),

    subscribe: async function* (after, { categories }, signal) {
      let last = after;
      while (!signal.aborted) {
        // Read first, so that an incomplete batch holds every wanted event up to this position.
        const [end] = await database.query<EventRow>(READ_END);
        const rows = await readBatch(last, categories);
        for (const row of rows) {
          if (signal.aborted) return;
          yield toRecorded(row);
          last = toPosition(row);
        }
        // Skips events of other categories once, instead of scanning them at every poll.
        const passed = end && rows.length < BATCH ? toPosition(end) : undefined;
        if (passed !== undefined && passed > (last ?? '')) last = passed;
        if (rows.length < BATCH) await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
      }
    },
  };
};
