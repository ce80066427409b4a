import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationError } from '../../application/errors.ts';
import {
  type EventStore,
  type Position,
  RevisionConflict,
  type StreamAppend,
  type StreamHistory,
  type StreamId,
  streamName,
} from '../../application/ports/event-store.ts';
import type { ProjectedEvent, RowChange } from '../../application/projections/row-change.ts';
import type { Database } from '../postgres/connection.ts';
import { type AppendSubject, encodeAppend } from './encode-append.ts';
import type { EventCodec, Subject } from './event-codec.ts';
import {
  type EventStoreDbClient,
  type LogPosition,
  WrongExpectedNumber,
} from './eventstoredb-client.ts';
import { toLogged, toPosition, toProposed } from './eventstoredb-event-format.ts';
import type { EventStoreDbLog } from './eventstoredb-log.ts';
import {
  type EventStoreDbHead,
  type EventStoreDbStreamReader,
  isEventStoreDbHead,
  type ProjectedHeadRow,
  projectedHeadColumns,
} from './eventstoredb-stream-read.ts';
import { TransactionAborted, type Transactions } from './eventstoredb-transactions.ts';
import {
  createPrepareText,
  type EncodedAppend,
  projectionStatement,
} from './postgres-append-statement.ts';
import { fromStreams } from './postgres-stream-read.ts';
import type { ProjectedStreams } from './projected-streams.ts';
import type { SubjectKeys } from './subject-keys.ts';

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
  /** Told of every append that was stored. */
  onAppended: (position: Position) => void;
}>;

/** An append on its way: `number` is where EventStoreDB's stream ends, void events counted. */
type Outgoing = Readonly<{ encoded: EncodedAppend; number: bigint | 'none' }>;
type Projection = Readonly<{ encoded: readonly EncodedAppend[]; changes: readonly RowChange[] }>;

const READ_HEAD = {
  name: 'read_projected_head',
  text: `SELECT ${projectedHeadColumns('$2::integer')} FROM ${fromStreams} WHERE s.stream_id = $1`,
};

const ADD_KEY = {
  name: 'add_subject_key',
  text: `INSERT INTO subject_keys (subject_id, wrapped_key) VALUES ($1, $2)
    ON CONFLICT DO NOTHING RETURNING 1`,
};

const COUNT_BEHIND = {
  name: 'count_heads_behind',
  text: `SELECT count(*)::integer AS behind
    FROM jsonb_to_recordset($1::jsonb) AS w (stream_id text, revision bigint)
    LEFT JOIN streams AS s USING (stream_id) WHERE coalesce(s.revision, -1) < w.revision`,
};

const FORGET_HEAD = {
  name: 'mend_projected_head',
  text: `UPDATE streams SET chain = $3, snapshot = NULL WHERE stream_id = $1 AND revision = $2`,
};

/** Another process is about to project what is younger than this. */
const LEFT_TO_WRITER_MS = 500;
const VISIBLE_WITHIN_MS = 5_000;
const LOOK_AGAIN_MS = 50;
const MAX_ABORTS = 3;

export type EventStoreDbEventStore = EventStore &
  Readonly<{
    /** Brings the tables up to date with these streams, whatever the projector is doing. */
    catchUp(streams: readonly StreamId[]): Promise<void>;
    /** The same for one stream, if it is behind: for decisions that rest on its rows. @returns whether it was */
    settle(stream: StreamId): Promise<boolean>;
    /** For whoever has read the database's row of the stream along with other things. */
    historyOf<Event, State>(
      stream: StreamId,
      row: Promise<ProjectedHeadRow | undefined>,
    ): Promise<StreamHistory<Event, State>>;
  }>;

/**
 * The event log in EventStoreDB, its tables in PostgreSQL. Whoever appends projects what was appended
 * before answering; the projector makes sure that nothing stays unprojected when that fails. So the
 * tables are never behind what anybody was told, and no decision depends on the projector.
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
  onAppended,
}: Dependencies): EventStoreDbEventStore => {
  const prepareText = createPrepareText();

  const readHead = async (stream: StreamId, snapshotVersion: number) => {
    const values = [streamName(stream), snapshotVersion];
    const [row] = await database.query<ProjectedHeadRow>({ ...READ_HEAD, values });
    return row;
  };

  const catchUp = async (streams: readonly StreamId[]): Promise<void> => {
    const rests = await Promise.all(
      streams.map(async (stream) => {
        const row = await readHead(stream, 0);
        return log.readRest(stream, row === undefined ? 0n : BigInt(row.revision) + 1n);
      }),
    );
    const events = rests.flat().sort((a, b) => (a.position < b.position ? -1 : 1));
    if (events.length === 0) return;
    await database.transaction((connection) => projectedStreams.project(connection, events));
  };

  /** The database's idea of a stream's end is not the stream's: its snapshot is worth nothing. */
  const mendHead = async (stream: StreamId, { revision }: ProjectedHeadRow): Promise<void> => {
    const [event] = await log.readRest(stream, BigInt(revision));
    if (event === undefined) return;
    const values = [streamName(stream), revision, event.metadata.chain];
    await database.query({ ...FORGET_HEAD, values });
  };

  const historyOf = async <Event, State>(
    stream: StreamId,
    reading: Promise<ProjectedHeadRow | undefined>,
  ): Promise<StreamHistory<Event, State>> => {
    const [row, last] = await Promise.all([reading, client.readLast(streamName(stream))]);
    const { history, behindSince, astray } = await readHistory<Event, State>(stream, row, last);
    if (astray && row !== undefined) await mendHead(stream, row);
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

  /** A head that did not come from our own `read` says no more than a revision: look the rest up. */
  const completeHead = async ({
    stream,
    expected,
  }: StreamAppend): Promise<EventStoreDbHead | undefined> => {
    if (isEventStoreDbHead(expected)) return expected;
    if (expected.revision === 'none') return undefined;
    const { head } = await read(stream, 0);
    if (!isEventStoreDbHead(head) || head.revision !== expected.revision) {
      throw new RevisionConflict(stream);
    }
    return head;
  };

  /** Stored before anything is encrypted with it: a key must never be lost. */
  const createKey = async (id: string): Promise<Subject> => {
    const { key, wrapped } = codec.createWrappedKey(id);
    const rows = await database.query({ ...ADD_KEY, values: [id, wrapped] });
    return rows.length === 1 ? { id, key } : subjectKeys.load(id);
  };

  const subjectFor = async (
    { stream, events: [first] }: StreamAppend,
    head: EventStoreDbHead | undefined,
    created: Map<string, Subject>,
  ): Promise<AppendSubject> => {
    const nothing = { id: null, subject: undefined, newWrappedKey: undefined };
    if (head !== undefined && head.revision !== 'none') {
      return { ...nothing, id: head.subject?.id ?? null, subject: head.subject };
    }
    const id = first === undefined ? null : codec.subjectOf(stream, first);
    if (id === null) return nothing;
    const known = created.get(id);
    const subject =
      known ?? (stream.category === 'user' ? await createKey(id) : await subjectKeys.load(id));
    created.set(id, subject);
    return { ...nothing, id, subject };
  };

  const encode = async (appends: readonly StreamAppend[]): Promise<readonly Outgoing[]> => {
    const created = new Map<string, Subject>();
    const outgoing: Outgoing[] = [];
    for (const append of appends) {
      const head = await completeHead(append);
      const subject = await subjectFor(append, head, created);
      const { revision = 'none', chain } = head ?? {};
      const encoded = encodeAppend(
        codec,
        append,
        revision === 'none' || chain === undefined
          ? undefined
          : { revision, chain, subject: subject.subject },
        subject,
      );
      outgoing.push({ encoded, number: head?.number ?? 'none' });
    }
    for (const subject of created.values()) subjectKeys.remember(subject);
    return outgoing;
  };

  const proposedIn = ({ encoded }: Outgoing, transaction: string | undefined) => {
    const { expectedRevision, events } = encoded;
    const first = expectedRevision === 'none' ? 0n : expectedRevision + 1n;
    return events.map((event, i) => toProposed(event, first + BigInt(i), transaction));
  };

  /** Looks before it leaps: an append that comes to nothing leaves void events behind. */
  const requireUnmoved = async (outgoing: readonly Outgoing[]): Promise<void> => {
    await Promise.all(
      outgoing.map(async ({ encoded, number }) => {
        if (number === 'none') return;
        const name = streamName(encoded.stream);
        const last = await client.readLast(name);
        if (last?.number !== number) throw new WrongExpectedNumber(name);
      }),
    );
  };

  const storeTogether = async (
    outgoing: readonly Outgoing[],
    id: string,
  ): Promise<LogPosition | undefined> => {
    await requireUnmoved(outgoing);
    const parts = outgoing.map((part) => ({
      stream: streamName(part.encoded.stream),
      category: part.encoded.stream.category,
      expected: part.number,
      events: proposedIn(part, id),
    }));
    const lastId = outgoing.at(-1)?.encoded.events.at(-1)?.eventId ?? id;
    return transactions.append(id, lastId, parts);
  };

  /** Where the streams end now, if nothing but void events has come. @throws WrongExpectedNumber */
  const renumber = (outgoing: readonly Outgoing[]): Promise<readonly Outgoing[]> =>
    Promise.all(
      outgoing.map(async ({ encoded }) => {
        const { head } = await read(encoded.stream, 0);
        if (head.revision !== encoded.expectedRevision) {
          throw new WrongExpectedNumber(streamName(encoded.stream));
        }
        return { encoded, number: isEventStoreDbHead(head) ? head.number : ('none' as const) };
      }),
    );

  /** @throws WrongExpectedNumber */
  const store = async (outgoing: readonly Outgoing[]): Promise<LogPosition | undefined> => {
    const [only, second] = outgoing;
    if (only !== undefined && second === undefined) {
      return client.append(
        streamName(only.encoded.stream),
        only.number,
        proposedIn(only, undefined),
      );
    }
    let attempt = outgoing;
    let id = only?.encoded.events[0]?.eventId ?? randomUUID();
    for (let aborts = 0; ; aborts += 1) {
      try {
        return await storeTogether(attempt, id);
      } catch (error) {
        if (!(error instanceof TransactionAborted) || aborts === MAX_ABORTS) throw error;
        attempt = await renumber(attempt);
        id = randomUUID();
      }
    }
  };

  const isVisible = async ({ encoded }: Projection): Promise<boolean> => {
    const wanted = encoded.map(({ stream, expectedRevision, events }) => ({
      stream_id: streamName(stream),
      revision: String(
        (expectedRevision === 'none' ? -1n : expectedRevision) + BigInt(events.length),
      ),
    }));
    const values = [JSON.stringify(wanted)];
    const [row] = await database.query<{ behind: number }>({ ...COUNT_BEHIND, values });
    return row?.behind === 0;
  };

  const tryProject = async ({ encoded, changes }: Projection): Promise<boolean> => {
    const statement = projectionStatement(encoded, changes, prepareText);
    try {
      const [row] = await database.query<{ appended: number }>(statement);
      return row?.appended === 1;
    } catch {
      return false; // somebody else was first, an earlier event is missing, the database is away
    }
  };

  /** @throws ApplicationError `service_unavailable`: it is stored, but not to be seen yet */
  const makeVisible = async (projection: Projection): Promise<void> => {
    if (await tryProject(projection)) return;
    const deadline = performance.now() + VISIBLE_WITHIN_MS;
    for (let cause: unknown; ; ) {
      try {
        if (await isVisible(projection)) return;
        await catchUp(projection.encoded.map(({ stream }) => stream));
        if (await isVisible(projection)) return;
      } catch (error) {
        cause = error;
      }
      if (performance.now() > deadline) {
        throw new ApplicationError('service_unavailable', { cause, retryAfterSeconds: 1 });
      }
      await delay(LOOK_AGAIN_MS);
    }
  };

  return {
    read,
    historyOf,
    catchUp,
    settle: async (stream) => {
      const [row, last] = await Promise.all([
        readHead(stream, 0),
        client.readLast(streamName(stream)),
      ]);
      const chain = last === undefined ? undefined : toLogged(last).stored.metadata.chain;
      if (chain === undefined || row?.chain === chain) return false;
      await catchUp([stream]).catch(() => undefined);
      return true;
    },
    append: async (appends) => {
      const [first] = appends;
      if (first === undefined || appends.some(({ events }) => events.length === 0)) {
        throw new TypeError('an append needs an event for each stream');
      }
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
      const changes = appends.flatMap(({ stream, events }) =>
        events.flatMap(({ event }) => project({ stream, event })),
      );
      await makeVisible({ encoded: outgoing.map(({ encoded }) => encoded), changes });
    },
    readStream: log.readStream,
    readAll: log.readAll,
    subscribe: log.subscribe,
  };
};
