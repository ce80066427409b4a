import { once } from 'node:events';
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  jsonEvent,
  NO_STREAM,
  type ResolvedEvent,
  START,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import type { EventStoreDbEvent, LogPosition } from './eventstoredb-event.ts';
import { within } from './eventstoredb-failures.ts';
import type { OpenSubscription } from './eventstoredb-subscription.ts';

/** An event to append; `id` is a UUID. */
export type ProposedEvent = Readonly<{
  id: string;
  type: string;
  data: Readonly<Record<string, unknown>>;
  metadata: Readonly<Record<string, unknown>>;
}>;

/** The stream's last event is not the one that the append expected. */
export class WrongExpectedNumber extends Error {
  constructor(stream: string, options?: ErrorOptions) {
    super(`${stream} has moved on`, options);
    this.name = 'WrongExpectedNumber';
  }
}

/**
 * Where to start, how many events to read, and the limit in milliseconds. From `end` it reads
 * backwards.
 */
type Reading<Place> = Readonly<{ from: Place | 'start' | 'end'; maxCount: number; limit: number }>;

type Options = Readonly<{
  url: string;
  /** Name prefixes of the streams to subscribe to. */
  prefixes: readonly string[];
}>;

/** A connection of the client library; see `connectToEventStoreDb`. */
export type EventStoreDbConnection = ReturnType<typeof connectToEventStoreDb>;

type Readable =
  | ReturnType<EventStoreDBClient['readStream']>
  | ReturnType<EventStoreDBClient['readAll']>;

const SUBSCRIPTION_BUFFER = 256;

const toEventStoreDbEvents = ({ event }: ResolvedEvent): readonly EventStoreDbEvent[] =>
  event?.position === undefined
    ? []
    : [
        {
          id: event.id,
          stream: event.streamId,
          number: event.revision,
          position: event.position,
          type: event.type,
          data: event.data,
          metadata: event.metadata,
        },
      ];

/** Reads to the end: a read that is abandoned half-way stays open on both sides. */
const drain = async (readable: Readable, limit: number): Promise<readonly EventStoreDbEvent[]> => {
  // It may emit another error after it was abandoned, which would be uncaught.
  readable.on('error', () => undefined);
  const collect = async () => {
    const found: EventStoreDbEvent[] = [];
    try {
      for await (const resolved of readable)
        found.push(...toEventStoreDbEvents(resolved as ResolvedEvent));
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return found;
  };
  // Cancelled, it soon reaches its end; destroyed half-way, it would never release its call.
  const onTimeout = () => void readable.cancel().catch(() => undefined);
  return within(collect(), { limit, onTimeout });
};

const credentialsIn = (url: string): Readonly<{ username: string; password: string }> => {
  const [, username = '', password = ''] = /^[^:]+:\/\/([^:@/]*):([^@/]*)@/.exec(url) ?? [];
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
};

/**
 * Wraps the client library; no other file imports it. Each append is a call of its own, which the
 * library does whenever a call names its user: batched appends have no time limit, and the library
 * mixes up the answers of several clients. Failures are those of the library: see `isTransient`.
 */
export const connectToEventStoreDb = ({ url, prefixes }: Options) => {
  const client = EventStoreDBClient.connectionString(url);
  const credentials = credentialsIn(url);
  // Followers may be behind: decisions need the leader's data.
  const asked = { credentials, requiresLeader: true };
  const filter = streamNameFilter({ prefixes: [...prefixes] });

  return {
    /** @returns the position of the last event @throws WrongExpectedNumber */
    append: async (
      stream: string,
      expected: bigint | 'none',
      events: readonly ProposedEvent[],
      deadline: number,
    ): Promise<LogPosition | undefined> => {
      const proposed = events.map((event) => jsonEvent(event));
      try {
        const { position } = await client.appendToStream(stream, proposed, {
          ...asked,
          expectedRevision: expected === 'none' ? NO_STREAM : expected,
          deadline,
        });
        return position;
      } catch (error) {
        if (!(error instanceof WrongExpectedVersionError)) throw error;
        throw new WrongExpectedNumber(stream, { cause: error });
      }
    },

    /** Reads a stream; empty when there is no such stream. */
    readStream: (
      stream: string,
      { from, maxCount, limit }: Reading<bigint>,
    ): Promise<readonly EventStoreDbEvent[]> => {
      const direction = from === 'end' ? BACKWARDS : FORWARDS;
      const fromRevision = from === 'end' ? END : from === 'start' ? START : from;
      return drain(
        client.readStream(stream, { ...asked, direction, fromRevision, maxCount }),
        limit,
      );
    },

    /** Reads the log, including the event at `from`. */
    readAll: ({
      from,
      maxCount,
      limit,
    }: Reading<LogPosition>): Promise<readonly EventStoreDbEvent[]> => {
      const direction = from === 'end' ? BACKWARDS : FORWARDS;
      const fromPosition = from === 'end' ? END : from === 'start' ? START : from;
      return drain(client.readAll({ ...asked, direction, fromPosition, maxCount }), limit);
    },

    /** Whether no stream with one of the prefixes holds an event. */
    isEmpty: async (limit: number): Promise<boolean> => {
      const ending = new AbortController();
      const subscription = client.subscribeToAll({ fromPosition: START, filter, credentials });
      subscription.on('error', () => undefined);
      const first = once(subscription, 'data', { signal: ending.signal }).then(() => false);
      const none = once(subscription, 'caughtUp', { signal: ending.signal }).then(() => true);
      none.catch(() => undefined);
      try {
        return await within(Promise.race([first, none]), { limit });
      } finally {
        ending.abort();
        void subscription.unsubscribe().catch(() => undefined);
        subscription.destroy();
      }
    },

    /** @param heard called with the position of every checkpoint between events */
    subscribe: (
      after: LogPosition | undefined,
      heard: (at: LogPosition) => void,
    ): OpenSubscription => {
      const subscription = client.subscribeToAll(
        {
          fromPosition: after ?? START,
          filter: streamNameFilter({
            ...filter,
            checkpointReached: async (_subscription, position) => heard(position),
          }),
          credentials,
        },
        { highWaterMark: SUBSCRIPTION_BUFFER },
      );
      return subscription;
    },

    toEventStoreDbEvents: (resolved: unknown): readonly EventStoreDbEvent[] =>
      toEventStoreDbEvents(resolved as ResolvedEvent),

    dispose: () => client.dispose(),
  };
};
