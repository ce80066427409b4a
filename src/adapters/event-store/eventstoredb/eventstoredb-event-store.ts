import { ApplicationError } from '../../../application/kernel/errors.ts';
import {
  type EventStore,
  type Position,
  RevisionConflict,
  type StreamHistory,
  type StreamId,
  streamName,
} from '../../../application/kernel/event-store.ts';
import type { ProjectedEvent, RowChange } from '../../../application/projections/row-change.ts';
import type { Database } from '../../postgres/connection/connection.ts';
import type { EventCodec } from '../event-codec.ts';
import { fromStreams } from '../postgres/postgres-stream-read.ts';
import type { SubjectKeys } from '../subject-keys.ts';
import type { EventStoreDbClient } from './client/eventstoredb-client.ts';
import { WrongExpectedNumber } from './client/eventstoredb-connection.ts';
import type { EventStoreDbEvent } from './client/eventstoredb-event.ts';
import { createEncodeAppends } from './eventstoredb-encode-appends.ts';
import { createStoreAppends } from './eventstoredb-store-appends.ts';
import { createStreamCatchUp } from './eventstoredb-stream-catch-up.ts';
import type { ProjectedStreams } from './projected-streams.ts';
import { toLogged, toPosition } from './reading/eventstoredb-event-format.ts';
import type { EventStoreDbLog } from './reading/eventstoredb-log.ts';
import {
  type EventStoreDbStreamReader,
  isEventStoreDbHead,
  type ProjectedHeadRow,
  projectedHeadColumns,
} from './reading/eventstoredb-stream-read.ts';
import { TransactionAborted, type Transactions } from './reading/eventstoredb-transactions.ts';
import type { RenewClaims } from './renew-claims.ts';

type Dependencies = Readonly<{
  client: Pick<EventStoreDbClient, 'append' | 'readLast'>;
  transactions: Pick<Transactions, 'append'>;
  readHistory: EventStoreDbStreamReader;
  log: EventStoreDbLog;
  database: Database;
  codec: EventCodec;
  subjectKeys: SubjectKeys;
  project: (event: ProjectedEvent) => readonly RowChange[];
  projectedStreams: ProjectedStreams;
  renewClaims: RenewClaims;
  /** Called with the position of every stored append. */
  onAppended: (position: Position) => void;
}>;

const READ_HEAD = {
  name: 'read_projected_head',
  text: `SELECT ${projectedHeadColumns('$2::integer')} FROM ${fromStreams} WHERE s.stream_id = $1`,
};

const chainOf = (last: EventStoreDbEvent): string | undefined => {
  try {
    return toLogged(last).stored.metadata.chain;
  } catch {
    return undefined;
  }
};

/** Refuses a command on a stream with an event that cannot be read or projected. */
const refuse = (cause: unknown): never => {
  if (cause instanceof ApplicationError) throw cause;
  throw new ApplicationError('service_unavailable', { cause, retryAfterSeconds: 1 });
};

/** The process that appended a younger event is about to project it. */
const LEFT_TO_WRITER_MS = 500;

/** The event log in EventStoreDB, and ways to bring the tables up to date with it. */
export type EventStoreDbEventStore = EventStore &
  Readonly<{
    /** Brings the tables up to date with these streams, independently of the projector. */
    catchUp(streams: readonly StreamId[]): Promise<void>;
    /**
     * Brings the tables up to date with one stream, for decisions based on its rows.
     * @returns whether they were behind
     * @throws ApplicationError `service_unavailable` when that is impossible now
     */
    catchUpIfBehind(stream: StreamId): Promise<boolean>;
    /**
     * Reads a stream's history, for a caller that reads the stream's row together with other data.
     */
    historyOf<Event, State>(
      stream: StreamId,
      row: Promise<ProjectedHeadRow | undefined>,
    ): Promise<StreamHistory<Event, State>>;
  }>;

/**
 * Keeps the event log in EventStoreDB and its tables in PostgreSQL. An append projects its events
 * before it returns; the projector covers appends whose projection failed. So the tables are never
 * behind an answer that was sent, and no decision depends on the projector.
 */
export const createEventStoreDbEventStore = ({
  client,
  transactions,
  readHistory,
  log,
  database,
  codec,
  subjectKeys,
  project,
  projectedStreams,
  renewClaims,
  onAppended,
}: Dependencies): EventStoreDbEventStore => {
  const readHead = async (stream: StreamId, snapshotVersion: number) => {
    const values = [streamName(stream), snapshotVersion];
    const [row] = await database.query<ProjectedHeadRow>({ ...READ_HEAD, values });
    return row;
  };

  const { catchUp, makeVisible, repairHead } = createStreamCatchUp({
    database,
    readHead,
    readRest: log.readRest,
    projectedStreams,
  });

  /**
   * Reads both at the same time; a row without a stream may belong to one that began in between.
   */
  const readBoth = async (
    stream: StreamId,
    reading: Promise<ProjectedHeadRow | undefined>,
  ): Promise<readonly [ProjectedHeadRow | undefined, EventStoreDbEvent | undefined]> => {
    const name = streamName(stream);
    const [row, last] = await Promise.all([reading, client.readLast(name)]);
    return [row, last ?? (row && (await client.readLast(name)))];
  };

  const historyOf = async <Event, State>(
    stream: StreamId,
    reading: Promise<ProjectedHeadRow | undefined>,
  ): Promise<StreamHistory<Event, State>> => {
    const [row, last] = await readBoth(stream, reading);
    const { history, behindSince, diverged } = await readHistory<Event, State>(
      stream,
      row,
      last,
    ).catch(refuse);
    if (diverged && row !== undefined) await repairHead(stream, row);
    else if (
      behindSince !== undefined &&
      Date.now() - Date.parse(behindSince) > LEFT_TO_WRITER_MS
    ) {
      // Best effort: the projector retries.
      await catchUp([stream]).catch(() => undefined);
    }
    if (isEventStoreDbHead(history.head) && history.head.subject !== undefined) {
      subjectKeys.remember(history.head.subject);
    }
    return history;
  };

  const read = <Event, State>(stream: StreamId, snapshotVersion: number) =>
    historyOf<Event, State>(stream, readHead(stream, snapshotVersion));
  const encode = createEncodeAppends({ database, codec, subjectKeys, read });
  const store = createStoreAppends({ client, transactions, read, readRest: log.readRest });

  return {
    read,
    historyOf,
    catchUp,
    catchUpIfBehind: async (stream) => {
      const [row, last] = await Promise.all([
        readHead(stream, 0),
        client.readLast(streamName(stream)),
      ]);
      if (last === undefined || (row !== undefined && row.chain === chainOf(last))) return false;
      // Refuses when rows stay out of date: they may hold an old password hash.
      await catchUp([stream]).catch(refuse);
      return true;
    },
    append: async (appends) => {
      const [first] = appends;
      if (first === undefined || appends.some(({ events }) => events.length === 0)) {
        throw new TypeError('an append needs an event for each stream');
      }
      const changes = appends.flatMap(({ stream, events }) =>
        events.flatMap(({ event }) => project({ stream, event })),
      );
      if (!(await renewClaims(changes))) throw new RevisionConflict(first.stream);
      const outgoing = await encode(appends);
      try {
        const position = await store(outgoing);
        if (position !== undefined) onAppended(toPosition(position));
      } catch (error) {
        if (error instanceof WrongExpectedNumber) {
          throw new RevisionConflict(first.stream, { cause: error });
        }
        if (error instanceof TransactionAborted) {
          throw new ApplicationError('service_unavailable', { cause: error, retryAfterSeconds: 1 });
        }
        throw error;
      }
      await makeVisible({ encoded: outgoing.map(({ encoded }) => encoded), changes });
    },
    readStream: log.readStream,
    readAll: log.readAll,
    subscribe: log.subscribe,
  };
};
