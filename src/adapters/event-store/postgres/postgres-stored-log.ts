import type {
  LogView,
  StoredEntry,
  StoredLog,
  StreamSpan,
  UnreadableEntry,
} from '../../../application/auditing/evidence/stored-log.ts';
import type { Database, Queryable } from '../../postgres/connection/connection.ts';
import { countRows } from '../../postgres/connection/count-rows.ts';
import type { CheckDecryption } from '../decryption-check.ts';
import { readRecordedHeads } from '../recorded-heads.ts';
import { toStoredEntry } from '../stored-entry.ts';
import type { StoredEvent } from '../stored-event.ts';
import { toPosition } from './postgres-log.ts';

type Dependencies = Readonly<{ database: Database; checkDecryption: CheckDecryption }>;

type Row = Readonly<{
  global_position: string;
  transaction_id: string;
  stream_id: string;
  revision: string;
  event_id: string;
  type: string;
  schema_version: number;
  data: unknown;
  metadata: unknown;
  occurred_at: string;
}>;

type Placed = Readonly<{
  stream: string;
  revision: number;
  position: string;
  stored: StoredEvent;
  occurredAt: string;
}>;

const BATCH = 1_000;

const COLUMNS = `e.global_position, e.transaction_id, e.stream_id, e.revision, e.event_id, e.type,
  e.schema_version, e.data, e.metadata, e.occurred_at`;

// A cursor instead of keyset pages: tampered rows may share a position, and a page would skip one.
const OPEN_LOG = `DECLARE stored_log NO SCROLL CURSOR FOR
  SELECT ${COLUMNS} FROM events AS e ORDER BY e.transaction_id, e.global_position`;
const READ_ON = `FETCH ${BATCH} FROM stored_log`;
const CLOSE_LOG = 'CLOSE stored_log';

const READ_STREAM = `SELECT ${COLUMNS} FROM events AS e WHERE e.stream_id = $1 ORDER BY e.revision`;

const READ_SPANS = `SELECT ${COLUMNS}
  FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS w (stream_id, first, last)
  JOIN events AS e ON e.stream_id = w.stream_id AND e.revision BETWEEN w.first AND w.last
  ORDER BY e.stream_id, e.revision`;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** No valid event is nested this deep; deeper JSON could exhaust the stack. */
const MAX_DEPTH = 100;

const isDeep = (value: unknown, depth = 0): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (depth > MAX_DEPTH || Object.values(value).some((member) => isDeep(member, depth + 1)));

const toPlaced = (row: Row): Placed | undefined => {
  if (!isRecord(row.data) || !isRecord(row.metadata)) return undefined;
  if (isDeep(row.data) || isDeep(row.metadata)) return undefined;
  const { event_id: eventId, type, schema_version: schemaVersion, data } = row;
  const metadata = row.metadata as StoredEvent['metadata'];
  return {
    stream: row.stream_id,
    revision: Number(row.revision),
    position: toPosition(row),
    stored: { eventId, type, schemaVersion, data, metadata },
    occurredAt: row.occurred_at,
  };
};

const faultOf = (placed: Placed, undecryptable: ReadonlySet<unknown>): StoredEntry['fault'] => {
  if (placed.occurredAt !== placed.stored.metadata.occurredAt) return 'column_differs';
  return undecryptable.has(placed) ? 'personal_data_unreadable' : undefined;
};

const none: ReadonlySet<unknown> = new Set();

const toEntry = (placed: Placed, unopened = none): StoredEntry =>
  toStoredEntry(placed, placed.stored, faultOf(placed, unopened));

const unreadable = (row: Row): UnreadableEntry => ({
  stream: row.stream_id,
  position: toPosition(row),
  unreadable: true,
});

/** Reads the log in PostgreSQL as evidence, including events that were tampered with. */
export const createPostgresStoredLog = ({ database, checkDecryption }: Dependencies): StoredLog => {
  const readRows = async (connection: Queryable, text: string, values: readonly unknown[]) =>
    (await connection.query<Row>({ text, values })).flatMap((row) => toPlaced(row) ?? []);

  async function* readEvents(connection: Queryable, deep: boolean) {
    await connection.query({ text: OPEN_LOG });
    for (;;) {
      const rows = await connection.query<Row>({ text: READ_ON });
      const events = rows.map((row) => toPlaced(row) ?? unreadable(row));
      const readable = events.filter((event): event is Placed => 'stored' in event);
      const unopened = deep ? await checkDecryption(connection, readable) : none;
      yield events.map((event) => ('stored' in event ? toEntry(event, unopened) : event));
      if (rows.length < BATCH) break;
    }
    await connection.query({ text: CLOSE_LOG });
  }

  const viewOf = (connection: Queryable): LogView => ({
    exact: true,
    count: () => countRows(connection, 'events'),
    readHeads: () => readRecordedHeads(connection),
    readEvents: (deep) => readEvents(connection, deep),
    readHidden: async () => [],
    readStream: async (stream) =>
      (await readRows(connection, READ_STREAM, [stream])).map((placed) => toEntry(placed)),
  });

  return {
    inspect: (work) =>
      database.session(async (connection) => {
        // One snapshot: events appended meanwhile appear neither in the heads nor in the events.
        await connection.query({ text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' });
        return work(viewOf(connection));
      }),
    readSpans: async (spans: readonly StreamSpan[]) => {
      const values = [
        spans.map(({ stream }) => stream),
        spans.map(({ from }) => from),
        spans.map(({ to }) => to),
      ];
      return (await readRows(database, READ_SPANS, values)).map((placed) => toEntry(placed));
    },
  };
};
