import { setTimeout as delay } from 'node:timers/promises';
import { CHAIN_START, chainValue } from '../../../src/adapters/event-store/stored-event.ts';
import { firstBrokenLink } from '../../../src/adapters/event-store/verify-chain.ts';
import {
  type EventShape,
  type EventStore,
  noStream,
  type Position,
  type RecordedEvent,
  RevisionConflict,
  type Snapshot,
  type StreamAppend,
  type StreamHead,
  streamName,
} from '../../../src/application/kernel/event-store.ts';

type Stream = Readonly<{
  events: readonly RecordedEvent[];
  snapshot: (Snapshot & { revision: bigint }) | undefined;
}>;

const EMPTY: Stream = { events: [], snapshot: undefined };

const headOf = ({ events }: Stream): StreamHead =>
  events.length === 0 ? noStream : { revision: BigInt(events.length - 1) };

const firstRevision = ({ expected: { revision } }: StreamAppend): bigint =>
  revision === 'none' ? 0n : revision + 1n;

const storedIn = ({ eventId, event: { type, data }, metadata }: RecordedEvent) => ({
  eventId,
  type,
  schemaVersion: 1,
  data: data as Record<string, unknown>,
  metadata: { ...metadata, subject: null },
});

/** An event store in memory that fulfils the whole contract; it does not encrypt personal data. */
export const createInMemoryEventStore = (): EventStore => {
  const streams = new Map<string, Stream>();
  const log: RecordedEvent[] = [];
  const find = (stream: StreamAppend['stream']) => streams.get(streamName(stream)) ?? EMPTY;

  const isStored = (append: StreamAppend): boolean =>
    append.events.every(({ eventId }, i) => {
      const found = find(append.stream).events[Number(firstRevision(append)) + i];
      return found?.eventId === eventId;
    });

  const record = (append: StreamAppend): readonly RecordedEvent[] => {
    const { stream, events } = append;
    let chain = find(stream).events.at(-1)?.metadata.chain ?? CHAIN_START;
    return events.map(({ eventId, event, metadata }, i) => {
      const revision = firstRevision(append) + BigInt(i);
      const position = String(log.length + i).padStart(20, '0') as Position;
      const unchained = { eventId, stream, revision, position, event };
      const draft = { ...unchained, metadata: { ...metadata, chain: '' } };
      chain = chainValue(chain, stream, revision, storedIn(draft));
      return structuredClone({ ...unchained, metadata: { ...metadata, chain } });
    });
  };

  const write = (append: StreamAppend): void => {
    const { events, snapshot } = find(append.stream);
    const recorded = record(append);
    const revision = firstRevision(append) + BigInt(recorded.length - 1);
    streams.set(streamName(append.stream), {
      events: [...events, ...recorded],
      snapshot: append.snapshot ? structuredClone({ ...append.snapshot, revision }) : snapshot,
    });
    log.push(...recorded);
  };

  return {
    read: async <Event = EventShape, State = unknown>(
      stream: StreamAppend['stream'],
      snapshotVersion: number,
    ) => {
      const found = find(stream);
      const snapshot = found.snapshot?.version === snapshotVersion ? found.snapshot : undefined;
      const events = found.events.slice(snapshot === undefined ? 0 : Number(snapshot.revision) + 1);
      return structuredClone({
        head: headOf(found),
        snapshot: snapshot?.state as State | undefined,
        events: events.map(({ event }) => event as Event),
      });
    },

    readStream: async (stream) => {
      const { events } = find(stream);
      const placed = events.map((event) => ({ ...event, stored: storedIn(event) }));
      return { events: structuredClone(events), firstBroken: firstBrokenLink(placed) };
    },

    append: async (appends) => {
      const [first] = appends;
      if (first === undefined || appends.some(({ events }) => events.length === 0)) {
        throw new TypeError('an append needs an event for each stream');
      }
      const known = new Set(log.map(({ eventId }) => eventId));
      const fits = appends.every(
        ({ stream, expected, events }) =>
          headOf(find(stream)).revision === expected.revision &&
          !events.some(({ eventId }) => known.has(eventId)),
      );
      if (fits) appends.forEach(write);
      else if (!appends.every(isStored)) throw new RevisionConflict(first.stream);
    },

    readAll: async function* (after = '' as Position) {
      yield* structuredClone(log.filter(({ position }) => position > after));
    },

    subscribe: async function* (after, { categories }, signal) {
      let next = after === undefined ? 0 : log.findIndex(({ position }) => position > after);
      if (next === -1) next = log.length;
      while (!signal.aborted) {
        const event = log[next];
        if (event === undefined) {
          await delay(5, undefined, { signal }).catch(() => undefined);
          continue;
        }
        next += 1;
        if (categories?.includes(event.stream.category) ?? true) yield structuredClone(event);
      }
    },
  };
};
