import {
  type EventStore,
  type Position,
  type RecordedEvent,
  type StreamId,
  streamName,
} from '../../../../application/kernel/event-store.ts';
import { firstBrokenLink } from '../../verify-chain.ts';
import type { EventStoreDbClient } from '../client/eventstoredb-client.ts';
import type { EventStoreDbEvent } from '../client/eventstoredb-event.ts';
import { fromPosition, toPosition } from './eventstoredb-event-format.ts';
import type { EventStoreDbReading } from './eventstoredb-reading.ts';
import type { FollowedEvent } from './followed-event.ts';
import { UnreadableEvent } from './unreadable-event.ts';

type Dependencies = Readonly<{
  client: Pick<EventStoreDbClient, 'readStream' | 'readLog' | 'subscribe'>;
  reading: EventStoreDbReading;
  /** Reads the positions of a stream's indexed events, by revision. */
  readPositions: (stream: StreamId) => Promise<ReadonlyMap<bigint, Position>>;
}>;

/** A page of the log. `end`: the position it covers, which may follow that of its last event. */
export type LogPage = Readonly<{ events: readonly FollowedEvent[]; end: Position }>;

/** The reading side of the event log in EventStoreDB. */
export type EventStoreDbLog = Pick<EventStore, 'readStream' | 'readAll' | 'subscribe'> &
  Readonly<{
    /** Reads the log after `after` page by page. */
    readPages(after: Position | undefined): AsyncIterable<LogPage>;
    /** Reads the valid events of one stream from a revision on. */
    readRest(stream: StreamId, from: bigint): Promise<readonly FollowedEvent[]>;
    /** Follows the log after `after` page by page, until `signal` aborts. */
    follow(after: Position | undefined, signal: AbortSignal): AsyncIterable<LogPage>;
  }>;

const toRecorded = ({ subject: _, number: __, ...recorded }: FollowedEvent): RecordedEvent =>
  recorded;

/** Reads the log in EventStoreDB: one stream as a whole, or events across streams. */
export const createEventStoreDbLog = ({
  client,
  reading,
  readPositions,
}: Dependencies): EventStoreDbLog => {
  const decode = async (page: readonly EventStoreDbEvent[]) => {
    const events = await reading.decode(await reading.valid(page));
    const end = page.at(-1)?.position;
    return end && { events, end: toPosition(end) };
  };

  /** Decodes up to the first unreadable event, so that it does not hold up the events before it. */
  const decodeUpTo = async (page: readonly EventStoreDbEvent[]) => {
    try {
      return { readable: await decode(page), unreadable: undefined };
    } catch (error) {
      if (!(error instanceof UnreadableEvent)) throw error;
      const before = page.filter(({ position }) => toPosition(position) < error.position);
      return { readable: await decode(before), unreadable: error };
    }
  };

  async function* decoded(
    pages: AsyncIterable<readonly EventStoreDbEvent[]>,
  ): AsyncIterable<LogPage> {
    for await (const page of pages) {
      const { readable, unreadable } = await decodeUpTo(page);
      if (readable !== undefined) yield readable;
      if (unreadable !== undefined) throw unreadable;
    }
  }

  const readPages = (after: Position | undefined) => decoded(client.readLog(fromPosition(after)));
  const follow = (after: Position | undefined, signal: AbortSignal) =>
    decoded(client.subscribe(fromPosition(after), signal));

  return {
    readStream: async (stream: StreamId) => {
      const placed = await reading.valid(await client.readStream(streamName(stream), 0n));
      const events = (await reading.decode(placed)).map(toRecorded);
      const positions = await readPositions(stream);
      return {
        events: events.map((event) => ({
          ...event,
          position: positions.get(event.revision) ?? event.position,
        })),
        firstBroken: firstBrokenLink(placed),
      };
    },
    readRest: async (stream, from) => {
      const kept = await client.readStream(streamName(stream), from);
      const valid = await reading.valid(kept);
      return reading.decode(valid.filter(({ revision }) => revision >= from));
    },
    readPages,
    readAll: async function* (after) {
      for await (const { events } of readPages(after)) yield* events.map(toRecorded);
    },
    follow,
    subscribe: async function* (after, { categories }, signal) {
      for await (const { events } of follow(after, signal)) {
        for (const event of events) {
          if (signal.aborted) return;
          if (categories?.includes(event.stream.category) !== false) yield toRecorded(event);
        }
      }
    },
  };
};
