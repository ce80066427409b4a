import { LogCopyRefused } from '../../../application/event-log/log-copy.ts';
import {
  type Position,
  parseStreamName,
  streamName,
} from '../../../application/kernel/event-store.ts';
import type { Queryable } from '../../postgres/connection/connection.ts';
import type { PlacedEvent } from '../event-codec.ts';
import { fromPosition, toPosition } from '../postgres/postgres-log.ts';
import { CHAIN_START, chainValue, type StoredEvent } from '../stored-event.ts';

/** A stored event of the log in PostgreSQL, with its position. */
export type StoredEntry = PlacedEvent & Readonly<{ position: Position }>;

type Row = Readonly<{
  transaction_id: string;
  global_position: string;
  stream_id: string;
  revision: string;
  event_id: string;
  type: string;
  schema_version: number;
  data: StoredEvent['data'];
  metadata: StoredEvent['metadata'];
  previous: string | null;
}>;

/**
 * `settled`: up to the oldest transaction still running. `all`: complete only while appends are
 * blocked.
 */
export type ReadingScope = 'settled' | 'all';

/** Events per page. */
export const COPY_PAGE = 1_000;

const READ_PAGE = `SELECT e.transaction_id, e.global_position, e.stream_id, e.revision, e.event_id,
    e.type, e.schema_version, e.data, e.metadata,
    (SELECT p.metadata->>'chain' FROM events AS p
      WHERE p.stream_id = e.stream_id AND p.revision = e.revision - 1) AS previous
  FROM events AS e
  WHERE (e.transaction_id, e.global_position) > ($1::text::xid8, $2::bigint)
    AND ($3 OR e.transaction_id < pg_snapshot_xmin(pg_current_snapshot()))
  ORDER BY e.transaction_id, e.global_position LIMIT ${COPY_PAGE}`;

/**
 * Verifies an event's chain value. @param previous chain value of the event before, if there is one
 * @throws LogCopyRefused
 */
export const requireChained = (
  { stream, revision, stored }: PlacedEvent,
  position: Position,
  previous: string | undefined,
): void => {
  const before = revision === 0n ? CHAIN_START : previous;
  const follows =
    before !== undefined && chainValue(before, stream, revision, stored) === stored.metadata.chain;
  if (follows) return;
  throw new LogCopyRefused(
    `The chain of ${streamName(stream)} is broken at revision ${revision}, position ${position}: the log was altered there, and no event from there on is copied.`,
  );
};

/**
 * Reads at most `COPY_PAGE` events in log order and verifies their chain. @throws LogCopyRefused
 */
export const readStoredPage = async (
  connection: Queryable,
  after: Position | undefined,
  scope: ReadingScope,
): Promise<readonly StoredEntry[]> => {
  const values = [...fromPosition(after), scope === 'all'];
  const rows = await connection.query<Row>({
    name: 'read_stored_log',
    text: READ_PAGE,
    values,
  });
  return rows.map((row) => {
    const position = toPosition(row);
    const placed = {
      stream: parseStreamName(row.stream_id),
      revision: BigInt(row.revision),
      stored: {
        eventId: row.event_id,
        type: row.type,
        schemaVersion: row.schema_version,
        data: row.data,
        metadata: row.metadata,
      },
    };
    requireChained(placed, position, row.previous ?? undefined);
    return { ...placed, position };
  });
};
