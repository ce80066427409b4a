import {
  type EventShape,
  noStream,
  type StreamHead,
  type StreamHistory,
  type StreamId,
  streamName,
} from '../../../../application/kernel/event-store.ts';
import type { EventCodec, Subject } from '../../event-codec.ts';
import type { EventStoreDbClient } from '../client/eventstoredb-client.ts';
import type { EventStoreDbEvent } from '../client/eventstoredb-event.ts';
import { type LoggedEvent, toLogged } from './eventstoredb-event-format.ts';
import type { EventStoreDbReading } from './eventstoredb-reading.ts';
import type { Transactions } from './eventstoredb-transactions.ts';

/**
 * A stream head with everything that the next append in EventStoreDB needs. `number` counts aborted
 * events.
 */
export type EventStoreDbHead = StreamHead &
  Readonly<{ number: bigint; chain: string | undefined; subject: Subject | undefined }>;

/** Whether `head` comes from this store's `read`. */
export const isEventStoreDbHead = (head: StreamHead): head is EventStoreDbHead => 'number' in head;

/** The database's view of a stream: its last projected event, and a snapshot. */
export type ProjectedHeadRow = Readonly<{
  revision: string;
  chain: string;
  subject_id: string | null;
  wrapped_key: string | null;
  snapshot: Readonly<Record<string, unknown>> | null;
  snapshot_revision: string | null;
}>;

/** Columns of a `ProjectedHeadRow`, given `streams AS s` and `subject_keys AS k`. */
export const projectedHeadColumns = (snapshotVersion: string): string => `
  s.revision, s.chain, s.subject_id, k.wrapped_key, s.snapshot_revision,
  CASE WHEN s.snapshot_version = ${snapshotVersion} THEN s.snapshot END AS snapshot`;

/** A stream's history, and how the tables compare with it. */
export type StreamReading<Event, State> = Readonly<{
  history: StreamHistory<Event, State>;
  /** Time of the last event, when the tables lack it; undefined when they are up to date. */
  behindSince: string | undefined;
  /**
   * Whether the database's head is not an event of this stream, as after one store was restored.
   */
  diverged: boolean;
}>;

type Dependencies = Readonly<{
  client: Pick<EventStoreDbClient, 'readLast' | 'readStream'>;
  codec: EventCodec;
  reading: EventStoreDbReading;
  transactions: Pick<Transactions, 'isValid'>;
}>;

const endsWith = (row: ProjectedHeadRow, event: LoggedEvent | undefined): boolean =>
  event !== undefined &&
  event.revision === BigInt(row.revision) &&
  event.stored.metadata.chain === row.chain;

/** Reads a stream's history; see `createEventStoreDbStreamReader`. */
export type EventStoreDbStreamReader = ReturnType<typeof createEventStoreDbStreamReader>;

/**
 * Reads a stream's history. EventStoreDB decides where the stream ends. The database's snapshot
 * replaces the earlier events only if the stream still holds the snapshot's last event.
 */
export const createEventStoreDbStreamReader = ({
  client,
  codec,
  reading,
  transactions,
}: Dependencies) => {
  const subjectIn = (row: ProjectedHeadRow | undefined): Subject | undefined =>
    row?.subject_id == null || row.wrapped_key === null
      ? undefined
      : { id: row.subject_id, key: codec.unwrapKey(row.subject_id, row.wrapped_key) };

  const snapshotIn = <State>(stream: StreamId, row: ProjectedHeadRow, subject?: Subject) =>
    row.snapshot === null
      ? undefined
      : (codec.decodeSnapshot(row.snapshot, stream, subject?.key) as State);

  /** The usual case: the row holds everything. */
  const upToDate = <Event, State>(
    stream: StreamId,
    row: ProjectedHeadRow,
    { number }: EventStoreDbEvent,
  ): StreamReading<Event, State> => {
    const subject = subjectIn(row);
    const head = { revision: BigInt(row.revision), chain: row.chain, number, subject };
    const snapshot = snapshotIn<State>(stream, row, subject);
    return { history: { head, snapshot, events: [] }, behindSince: undefined, diverged: false };
  };

  const readFrom = async <Event, State>(
    stream: StreamId,
    row: ProjectedHeadRow | undefined,
    last: EventStoreDbEvent,
  ): Promise<StreamReading<Event, State>> => {
    const base = row?.snapshot == null ? -1n : BigInt(row.snapshot_revision ?? 0);
    // A valid event's number is never below its revision.
    const kept = await client.readStream(streamName(stream), base < 0n ? 0n : base);
    const valid = await reading.valid(kept);
    const diverged =
      row !== undefined &&
      !endsWith(
        row,
        valid.find(({ revision }) => revision === BigInt(row.revision)),
      );
    if (diverged && base >= 0n) {
      const found = await readFrom<Event, State>(stream, undefined, last);
      return { ...found, diverged };
    }
    const later = await reading.decode(valid.filter(({ revision }) => revision > base));
    const end = valid.at(-1);
    const subject = subjectIn(row) ?? (await reading.subjectOf(valid));
    const number = kept.at(-1)?.number ?? last.number;
    const isBehind =
      end !== undefined && (row === undefined || end.revision > BigInt(row.revision));
    return {
      history: {
        head: {
          revision: end?.revision ?? 'none',
          number,
          chain: end?.stored.metadata.chain,
          subject,
        } as EventStoreDbHead,
        snapshot: row && base >= 0n ? snapshotIn<State>(stream, row, subject) : undefined,
        events: later.map(({ event }: { event: EventShape }) => event as unknown as Event),
      },
      behindSince: isBehind ? end.stored.metadata.occurredAt : undefined,
      diverged,
    };
  };

  /**
   * `row`: the database's view, undefined if it has none. `last`: the stream's last event, valid or
   * not.
   */
  return async <Event, State>(
    stream: StreamId,
    row: ProjectedHeadRow | undefined,
    last: EventStoreDbEvent | undefined,
  ): Promise<StreamReading<Event, State>> => {
    if (last === undefined) {
      const history = { head: noStream, snapshot: undefined, events: [] };
      return { history, behindSince: undefined, diverged: row !== undefined };
    }
    const end = toLogged(last);
    if (
      row?.snapshot != null &&
      row.snapshot_revision === row.revision &&
      endsWith(row, end) &&
      (await transactions.isValid(end.transaction))
    ) {
      return upToDate(stream, row, last);
    }
    return readFrom(stream, row, last);
  };
};
