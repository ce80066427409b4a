import type {
  HiddenEvents,
  LogView,
  StoredEntry,
  StoredLog,
  StreamSpan,
  UnreadableEntry,
} from '../../../application/auditing/evidence/stored-log.ts';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import { streamName } from '../../../application/kernel/event-store.ts';
import type { Database } from '../../postgres/connection/connection.ts';
import { countRows } from '../../postgres/connection/count-rows.ts';
import type { CheckDecryption } from '../decryption-check.ts';
import { readRecordedHeads } from '../recorded-heads.ts';
import { toStoredEntry } from '../stored-entry.ts';
import type { EventStoreDbClient } from './client/eventstoredb-client.ts';
import type { EventStoreDbEvent } from './client/eventstoredb-event.ts';
import { type LoggedEvent, toPosition } from './reading/eventstoredb-event-format.ts';
import type { EventStoreDbReading } from './reading/eventstoredb-reading.ts';

type Dependencies = Readonly<{
  database: Database;
  client: Pick<EventStoreDbClient, 'readRawLog' | 'readStream'>;
  reading: Pick<EventStoreDbReading, 'valid'>;
  checkDecryption: CheckDecryption;
}>;

type Valid = Readonly<{ events: readonly LoggedEvent[]; unreadable: readonly UnreadableEntry[] }>;

/** Streams that are read at once. */
const AT_ONCE = 8;

const toPlaced = ({ stream, revision, position, stored }: LoggedEvent) => ({
  stream: streamName(stream),
  revision: Number(revision),
  position,
  stored,
});

const toEntry = (event: LoggedEvent, fault?: StoredEntry['fault']): StoredEntry =>
  toStoredEntry(toPlaced(event), event.stored, fault);

const toUnreadable = ({ stream, position }: EventStoreDbEvent): UnreadableEntry => ({
  stream,
  position: toPosition(position),
  unreadable: true,
});

/** An outage of the store is not a finding. */
const rethrowUnavailable = (error: unknown): void => {
  if (error instanceof ApplicationError) throw error;
};

/** Reads the log in EventStoreDB as evidence, including events that were tampered with. */
export const createEventStoreDbStoredLog = ({
  database,
  client,
  reading,
  checkDecryption,
}: Dependencies): StoredLog => {
  /** Converts events one by one, so that an unreadable one does not hide the others. */
  const oneByOne = async (page: readonly EventStoreDbEvent[]): Promise<Valid> => {
    const events: LoggedEvent[] = [];
    const unreadable: UnreadableEntry[] = [];
    for (const kept of page) {
      try {
        events.push(...(await reading.valid([kept])));
      } catch (error) {
        rethrowUnavailable(error);
        unreadable.push(toUnreadable(kept));
      }
    }
    return { events, unreadable };
  };

  const validIn = async (page: readonly EventStoreDbEvent[]): Promise<Valid> => {
    try {
      return { events: await reading.valid(page), unreadable: [] };
    } catch (error) {
      rethrowUnavailable(error);
      return oneByOne(page);
    }
  };

  const toEntries = async (events: readonly LoggedEvent[], deep: boolean) => {
    if (!deep) return events.map((event) => toEntry(event));
    const placed = events.map(toPlaced);
    const undecryptable = await checkDecryption(database, placed);
    return placed.map((event) =>
      toStoredEntry(
        event,
        event.stored,
        undecryptable.has(event) ? 'personal_data_unreadable' : undefined,
      ),
    );
  };

  /** Reads a stream as the service does; a deleted one is empty. */
  const readStream = async (stream: string, from = 0): Promise<readonly LoggedEvent[]> => {
    try {
      return (await validIn(await client.readStream(stream, BigInt(from)))).events;
    } catch (error) {
      rethrowUnavailable(error);
      return [];
    }
  };

  const createView = (): LogView => {
    const modified = new Set<string>();

    async function* readEvents(deep: boolean) {
      for await (const page of client.readRawLog()) {
        for (const stream of page.modified) modified.add(stream);
        const { events, unreadable } = await validIn(page.events);
        yield [...(await toEntries(events, deep)), ...unreadable];
      }
    }

    return {
      exact: false,
      count: () => countRows(database, 'event_index'),
      readHeads: () => readRecordedHeads(database),
      readEvents,
      readHidden: async () => {
        const hidden: HiddenEvents[] = [];
        for (const stream of modified) {
          const [first] = await readStream(stream);
          hidden.push({ stream, shownFrom: first && Number(first.revision) });
        }
        return hidden;
      },
      readStream: async (stream) => (await readStream(stream)).map((event) => toEntry(event)),
    };
  };

  const readSpan = async ({ stream, from, to }: StreamSpan): Promise<readonly StoredEntry[]> =>
    // A valid event's number is never below its revision.
    (await readStream(stream, from))
      .filter(({ revision }) => revision >= from && revision <= to)
      .map((event) => toEntry(event));

  return {
    inspect: (work) => work(createView()),
    readSpans: async (spans) => {
      const found: StoredEntry[] = [];
      for (let next = 0; next < spans.length; next += AT_ONCE) {
        const read = await Promise.all(spans.slice(next, next + AT_ONCE).map(readSpan));
        found.push(...read.flat());
      }
      return found;
    },
  };
};
