import type { RecordedEvent } from '../../../../application/kernel/event-store.ts';
import type { Queryable } from '../../../postgres/connection/connection.ts';
import type { EventCodec, Subject } from '../../event-codec.ts';
import type { DataKey } from '../../personal-data-cipher.ts';
import type { EventStoreDbEvent } from '../client/eventstoredb-event.ts';
import { type LoggedEvent, toLogged } from './eventstoredb-event-format.ts';
import { TRANSACTION_CATEGORY, type Transactions } from './eventstoredb-transactions.ts';
import type { FollowedEvent } from './followed-event.ts';
import { UnreadableEvent } from './unreadable-event.ts';

type Dependencies = Readonly<{
  database: Queryable;
  codec: EventCodec;
  transactions: Pick<Transactions, 'isValid' | 'note'>;
}>;

const READ_KEYS = {
  name: 'read_subject_keys',
  text: 'SELECT subject_id, wrapped_key FROM subject_keys WHERE subject_id = ANY ($1)',
};

/** Outcomes that are read at a time. */
const AT_ONCE = 64;

type KeyRow = Readonly<{ subject_id: string; wrapped_key: string }>;

const isOutcome = ({ stream }: EventStoreDbEvent): boolean =>
  stream.startsWith(`${TRANSACTION_CATEGORY}-`);

/** Validates and decodes events of EventStoreDB; see `createEventStoreDbReading`. */
export type EventStoreDbReading = ReturnType<typeof createEventStoreDbReading>;

/** Converts EventStoreDB's events to the application's. */
export const createEventStoreDbReading = ({ database, codec, transactions }: Dependencies) => {
  /** Queries the database each time, so that an erased user stays erased. */
  const keysOf = async (events: readonly LoggedEvent[]): Promise<ReadonlyMap<string, DataKey>> => {
    const subjects = new Set(events.flatMap(({ stored }) => stored.metadata.subject ?? []));
    if (subjects.size === 0) return new Map();
    const rows = await database.query<KeyRow>({ ...READ_KEYS, values: [[...subjects]] });
    return new Map(
      rows.map(({ subject_id: id, wrapped_key: key }) => [id, codec.unwrapKey(id, key)]),
    );
  };

  const toFollowed = (
    { stream, revision, number, position, stored }: LoggedEvent,
    keys: ReadonlyMap<string, DataKey>,
  ): FollowedEvent => {
    const { subject, ...metadata } = stored.metadata;
    const key = subject === null ? undefined : keys.get(subject);
    let event: RecordedEvent['event'];
    try {
      event = codec.decode({ stream, revision, stored }, key);
    } catch (cause) {
      throw new UnreadableEvent(stored.type, position, { cause });
    }
    const { eventId } = stored;
    return { eventId, stream, revision, number, position, event, metadata, subject };
  };

  /** Reads several outcomes at a time, since one that is pending takes a while. */
  const invalidIn = async (events: readonly LoggedEvent[]): Promise<ReadonlySet<string>> => {
    const waiting = [...new Set(events.flatMap(({ transaction }) => transaction ?? []))];
    const invalid = new Set<string>();
    const work = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        if (!(await transactions.isValid(id))) invalid.add(id);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, work));
    return invalid;
  };

  return {
    /** Converts events and leaves out those of aborted transactions. @throws UnreadableEvent */
    valid: async (events: readonly EventStoreDbEvent[]): Promise<readonly LoggedEvent[]> => {
      for (const event of events) if (isOutcome(event)) transactions.note(event);
      const logged = events.filter((event) => !isOutcome(event)).map(toLogged);
      const invalid = await invalidIn(logged);
      return logged.filter(({ transaction = '' }) => !invalid.has(transaction));
    },

    /**
     * The subject of a stream's personal data; undefined without such data, or when it is erased.
     */
    subjectOf: async (events: readonly LoggedEvent[]): Promise<Subject | undefined> => {
      const id = events.find(({ stored }) => stored.metadata.subject !== null)?.stored.metadata
        .subject;
      if (id === undefined || id === null) return undefined;
      const key = (await keysOf(events)).get(id);
      return key && { id, key };
    },

    /** Decrypts and upcasts events. @throws UnreadableEvent */
    decode: async (events: readonly LoggedEvent[]): Promise<readonly FollowedEvent[]> => {
      const keys = await keysOf(events);
      return events.map((event) => toFollowed(event, keys));
    },
  };
};
