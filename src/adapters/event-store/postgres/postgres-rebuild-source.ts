import {
  type Position,
  parseStreamName,
  type RecordedEvent,
} from '../../../application/kernel/event-store.ts';
import type {
  OpenRebuildSource,
  TakeEvents,
} from '../../../application/projections/rebuild-source.ts';
import type { Database, Queryable } from '../../postgres/connection/connection.ts';
import { fromCopyText } from '../../postgres/connection/copy-text.ts';
import { countRows } from '../../postgres/connection/count-rows.ts';
import { createDataKeysForRun } from '../data-keys-for-run.ts';
import type { EventCodec, ReadableEvent } from '../event-codec.ts';
import { fromPosition, type PostgresLog, toPosition } from './postgres-log.ts';

type Dependencies = Readonly<{
  database: Database;
  codec: EventCodec;
  log: Pick<PostgresLog, 'readLocked'>;
}>;

type LoggedEvent = Pick<RecordedEvent, 'stream' | 'event'>;
type Field = string | null;

const BATCH = 2_000;
/** The number of events that may remain for the part of the rebuild that locks out appends. */
const FEW = 1_000;

/** In commit order, up to the oldest transaction still running: see `postgres-log.ts`. */
const copyAfter = (after: Position | undefined): string => {
  const [xid, position] = fromPosition(after);
  return `COPY (
    SELECT transaction_id, global_position, stream_id, revision, event_id, type, schema_version, data,
      metadata->>'subject'
    FROM events
    WHERE (transaction_id, global_position) > ('${xid}'::xid8, ${position})
      AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY transaction_id, global_position) TO STDOUT`;
};

type Row = Readonly<{ place: ReadableEvent; position: Position; subject: string | null }>;

/** Copies a text: a substring would keep the whole chunk in memory. */
const detached = (text: string): string => Buffer.from(text).toString();

const toRow = (fields: readonly Field[]): Row => {
  const [xid, position, stream, revision, eventId, type, version, data, subject] = fields;
  const { category, id } = parseStreamName(stream ?? '');
  return {
    place: {
      stream: { category, id: detached(id) },
      revision: BigInt(revision ?? ''),
      stored: {
        eventId: eventId ?? '',
        type: type ?? '',
        schemaVersion: Number(version),
        data: JSON.parse(data ?? ''),
      },
    },
    position: toPosition({ transaction_id: xid ?? '', global_position: position ?? '' }),
    subject: subject == null ? null : detached(subject),
  };
};

async function* inBatches(
  rows: AsyncIterable<readonly (readonly Field[])[]>,
): AsyncIterable<readonly Row[]> {
  let batch: Row[] = [];
  for await (const some of rows) {
    for (const fields of some) batch.push(toRow(fields));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Reads the log of the same database for a rebuild, with `COPY`: the server sends rows while
 * earlier ones are folded. Once `streams` is locked, no process can append, and the rest is read.
 */
export const createPostgresRebuildSource =
  ({ database, codec, log }: Dependencies): OpenRebuildSource<Queryable> =>
  async (connection) => {
    const keysOf = createDataKeysForRun(database, codec);
    let last: Position | undefined;

    const decode = async (rows: readonly Row[]): Promise<readonly LoggedEvent[]> => {
      const keys = await keysOf(rows.flatMap(({ subject }) => subject ?? []));
      return rows.map(({ place, subject }) => ({
        stream: place.stream,
        event: codec.decode(place, subject === null ? undefined : keys.get(subject)),
      }));
    };

    /** @returns how many events there were */
    const copy = (take: TakeEvents): Promise<number> =>
      database.session(async (reader) => {
        let events = 0;
        for await (const rows of inBatches(fromCopyText(reader.copyOut(copyAfter(last))))) {
          await take(await decode(rows));
          events += rows.length;
          last = rows.at(-1)?.position ?? last;
        }
        return events;
      });

    return {
      count: () => countRows(connection, 'events'),
      readAll: async (take) => {
        while ((await copy(take)) > FEW);
      },
      readRest: async (take) => {
        const rest: LoggedEvent[] = [];
        for await (const event of log.readLocked(connection, last)) rest.push(event);
        if (rest.length > 0) await take(rest);
      },
      afterRepair: async () => undefined,
    };
  };
