import {
  type EventStore,
  RevisionConflict,
  type StreamAppend,
  type StreamId,
  streamName,
} from '../../../application/kernel/event-store.ts';
import type { ProjectedEvent, RowChange } from '../../../application/projections/row-change.ts';
import { type Database, errorCode } from '../../postgres/connection/connection.ts';
import type { EventCodec, Subject } from '../event-codec.ts';
import type { SubjectKeys } from '../subject-keys.ts';
import { translateBrokenReference } from './broken-reference.ts';
import { type AppendSubject, encodeAppend } from './encode-append.ts';
import {
  APPEND_CONFLICT,
  appendStatement,
  createPrepareText,
} from './postgres-append-statement.ts';
import { createPostgresLog, type PostgresLog } from './postgres-log.ts';
import {
  fromStreams,
  isPostgresHead,
  type PostgresStreamHead,
  type StreamRow,
  streamColumns,
  toHistory,
} from './postgres-stream-read.ts';

type Dependencies = Readonly<{
  database: Database;
  codec: EventCodec;
  subjectKeys: SubjectKeys;
  /** The inline projections: their rows change in the append's own transaction. */
  project: (event: ProjectedEvent) => readonly RowChange[];
}>;

// Unique violation, serialization failure, deadlock: a concurrent transaction won.
const LOST_RACE = new Set([APPEND_CONFLICT, '23505', '40001', '40P01']);

const READ_STREAM = {
  name: 'read_stream',
  text: `SELECT ${streamColumns('$2::integer')} FROM ${fromStreams} WHERE s.stream_id = $1`,
};

/** The event log in PostgreSQL: an append is one statement, one round trip, one transaction. */
export const createPostgresEventStore = ({
  database,
  codec,
  subjectKeys,
  project,
}: Dependencies): EventStore & PostgresLog => {
  const prepareText = createPrepareText();

  const read = async <Event, State>(stream: StreamId, snapshotVersion: number) => {
    const values = [streamName(stream), snapshotVersion];
    const [row] = await database.query<StreamRow>({ ...READ_STREAM, values });
    const history = toHistory<Event, State>(codec, stream, row);
    if (isPostgresHead(history.head) && history.head.subject !== undefined) {
      subjectKeys.remember(history.head.subject);
    }
    return history;
  };

  /** Completes a head that holds nothing but a revision, since it does not come from `read`. */
  const completeHead = async ({
    stream,
    expected,
  }: StreamAppend): Promise<PostgresStreamHead | undefined> => {
    if (expected.revision === 'none') return undefined;
    if (isPostgresHead(expected)) return expected;
    const { head } = await read(stream, 0);
    if (!isPostgresHead(head) || head.revision !== expected.revision) {
      throw new RevisionConflict(stream);
    }
    return head;
  };

  const subjectFor = async (
    { stream, events: [first] }: StreamAppend,
    head: PostgresStreamHead | undefined,
    created: Map<string, Subject>,
  ): Promise<AppendSubject> => {
    if (head !== undefined || first === undefined) {
      return { id: null, subject: head?.subject, newWrappedKey: undefined };
    }
    const id = codec.subjectOf(stream, first);
    if (id === null) return { id, subject: undefined, newWrappedKey: undefined };
    if (stream.category !== 'tokenFamily') {
      const { key, wrapped } = codec.createWrappedKey(id);
      const subject = { id, key };
      created.set(id, subject);
      return { id, subject, newWrappedKey: wrapped };
    }
    const subject = created.get(id) ?? (await subjectKeys.load(id));
    return { id, subject, newWrappedKey: undefined };
  };

  /** Whether an earlier attempt, whose answer was lost, has stored exactly these events. */
  const isStored = async (appends: readonly StreamAppend[]): Promise<boolean> => {
    const places = appends.flatMap(({ stream, expected: { revision }, events }) => {
      const first = revision === 'none' ? 0n : revision + 1n;
      return events.map(({ eventId }, i) => ({
        event_id: eventId,
        stream_id: streamName(stream),
        revision: String(first + BigInt(i)),
      }));
    });
    const [row] = await database.query<{ found: number }>({
      name: 'count_stored_events',
      text: `SELECT count(*)::integer AS found
        FROM jsonb_to_recordset($1::jsonb) AS p (event_id uuid, stream_id text, revision bigint)
        JOIN events AS e USING (stream_id, revision) WHERE e.event_id = p.event_id`,
      values: [JSON.stringify(places)],
    });
    return row?.found === places.length;
  };

  const tryAppend = async (appends: readonly StreamAppend[]): Promise<boolean> => {
    const created = new Map<string, Subject>();
    const encoded = [];
    for (const append of appends) {
      const head = await completeHead(append);
      encoded.push(encodeAppend(codec, append, head, await subjectFor(append, head, created)));
    }
    const changes = appends.flatMap(({ stream, events }) =>
      events.flatMap(({ event }) => project({ stream, event })),
    );
    const statement = appendStatement(encoded, changes, prepareText);
    const [row] = await database.query<{ appended: number }>(statement);
    if (row?.appended !== 1) return false;
    for (const subject of created.values()) subjectKeys.remember(subject);
    return true;
  };

  return {
    read,
    append: async (appends) => {
      const [first] = appends;
      if (first === undefined || appends.some(({ events }) => events.length === 0)) {
        throw new TypeError('an append needs an event for each stream');
      }
      let cause: unknown;
      try {
        if (await tryAppend(appends)) return;
      } catch (thrown) {
        const error = translateBrokenReference(thrown, appends);
        if (!LOST_RACE.has(errorCode(error)) && !(error instanceof RevisionConflict)) throw error;
        cause = error;
      }
      if (!(await isStored(appends))) throw new RevisionConflict(first.stream, { cause });
    },
    ...createPostgresLog({ database, codec }),
  };
};
