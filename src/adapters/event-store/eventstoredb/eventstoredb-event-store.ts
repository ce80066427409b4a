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
  /** Told of every append that was stored. */
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

/** An event that nobody here can read, or project: nothing can be decided on its stream for now. */
const refuse = (cause: unknown): never => {
  if (cause instanceof ApplicationError) throw cause;
  throw new ApplicationError('service_unavailable', { cause, retryAfterSeconds: 1 });
};

/** Another process is about to project what is younger than this. */
const LEFT_TO_WRITER_MS = 500;

export type EventStoreDbEventStore = EventStore &
  Readonly<{
    /** Brings the tables up to date with these streams, whatever the projector is doing. */
    catchUp(streams: readonly StreamId[]): Promise<void>;
    /**
     * The same for one stream, if it is behind: for decisions that rest on its rows. @returns
     * whether it was
     */
    catchUpIfBehind(stream: StreamId): Promise<boolean>;
    /** For whoever has read the database's row of the stream along with other things. */
    historyOf<Event, State>(
      stream: StreamId,
      row: Promise<ProjectedHeadRow | undefined>,
    ): Promise<StreamHistory<Event, State>>;
  }>;

/**
 * The event log in EventStoreDB, its tables in PostgreSQL. Whoever appends projects what was
 * appended before answering; the projector makes sure that nothing stays unprojected when that
 * fails. So the tables are never behind what anybody was told, and no decision depends on the
 * projector.
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

  /** At the same time; a row without a stream may be of one that began in between. */
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
      // Best effort: what cannot be projected now is the projector's.
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
      // Rows that cannot be brought up to date may know an old password: better nobody than
      // anybody.
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
