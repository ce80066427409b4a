import { once, setMaxListeners } from 'node:events';
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  type ResolvedEvent,
  START,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { createCalls, unavailable } from './eventstoredb-calls.ts';
import { isTransient, within } from './eventstoredb-failures.ts';
import { createLastingSubscription } from './eventstoredb-subscription.ts';
import { isAfter, isKnown, type KeptEvent, type LogPosition } from './kept-event.ts';

export type ProposedEvent = Readonly<{
  id: string;
  type: string;
  data: Readonly<Record<string, unknown>>;
  metadata: Readonly<Record<string, unknown>>;
}>;

/** The stream is not where the append expected it. */
export class WrongExpectedNumber extends Error {
  constructor(stream: string, options?: ErrorOptions) {
    super(`${stream} has moved on`, options);
    this.name = 'WrongExpectedNumber';
  }
}

export type EventStoreDbClient = Readonly<{
  /**
   * `expected`: the number of the stream's last event. Repeated with the same ids it succeeds again and
   * writes nothing. @returns where its last event is, if the store tells
   * @throws WrongExpectedNumber
   */
  append(
    stream: string,
    expected: bigint | 'none',
    events: readonly ProposedEvent[],
  ): Promise<LogPosition | undefined>;
  /** From number `from` on; empty when there is no such stream. */
  readStream(stream: string, from: bigint): Promise<readonly KeptEvent[]>;
  readEvent(stream: string, number: bigint): Promise<KeptEvent | undefined>;
  readLast(stream: string): Promise<KeptEvent | undefined>;
  /** The whole log after `after`, some at a time, up to its end at the last look. */
  readLog(after: LogPosition | undefined): AsyncIterable<readonly KeptEvent[]>;
  /** The last event of ours, unless others have written thousands since. */
  endOfLog(): Promise<LogPosition | undefined>;
  /** Whether the store holds nothing of ours. */
  isEmpty(): Promise<boolean>;
  /** @throws ApplicationError `service_unavailable` when the store does not answer */
  ping(): Promise<void>;
  /** What comes after `after` in our streams, in order, without gaps or repeats, until `signal` aborts. */
  subscribe(
    after: LogPosition | undefined,
    signal: AbortSignal,
  ): AsyncIterable<readonly KeptEvent[]>;
  close(): Promise<void>;
}>;

/** Milliseconds. The client has a time limit for plain appends only. */
export type EventStoreDbTimeouts = Readonly<{
  attempt: number;
  /** All attempts together: what a request waits at most before it is refused. */
  total: number;
  /** A subscription that is silent so long is held against the end of the log. */
  silence: number;
}>;

type Options = Readonly<{
  /** `esdb://…` or `esdb+discover://…` */
  url: string;
  /** Begins the names of all our streams, so that several installations can share a cluster. */
  prefix: string;
  /** Those of our streams, behind the prefix. */
  categories: readonly string[];
  timeouts?: EventStoreDbTimeouts;
  /** Milliseconds that are left for what is asked of us now; undefined: nobody waits. */
  remaining?: () => number | undefined;
}>;

type Readable =
  | ReturnType<EventStoreDBClient['readStream']>
  | ReturnType<EventStoreDBClient['readAll']>;

const DEFAULT_TIMEOUTS: EventStoreDbTimeouts = { attempt: 3_000, total: 8_000, silence: 10_000 };
const CLOSE_MS = 1_000;
const PAGE = 1_000;
const SUBSCRIPTION_BUFFER = 256;
/** How far back the last event of ours is looked for. */
const END_WINDOWS = [64, 4_096];
const toKept = ({ event }: ResolvedEvent): readonly KeptEvent[] =>
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

/** Always to its end: a reading that is left half-way stays open on both sides. */
const drain = async (readable: Readable, limit: number): Promise<readonly KeptEvent[]> => {
  // It may fail once more after it was given up, when nobody listens.
  readable.on('error', () => undefined);
  const collect = async () => {
    const found: KeptEvent[] = [];
    try {
      for await (const resolved of readable) found.push(...toKept(resolved as ResolvedEvent));
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return found;
  };
  // It goes on to its end, which comes soon now: one that is destroyed half-way never lets its call go.
  const onTimeout = () => void readable.cancel().catch(() => undefined);
  return within(collect(), { limit, onTimeout });
};

const credentialsIn = (url: string): Readonly<{ username: string; password: string }> => {
  const { username, password } = new URL(
    url.replace(/^[^:]+:\/\//, 'http://').replace(/,[^/?]*/, ''),
  );
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
};

/**
 * The one place that knows the client library, with what it lacks: time limits for everything, another
 * try for what passes by itself, a new client where the old one cannot recover, subscriptions that last.
 * Appends go one call each (the library does so whenever a call names its user): its batched form has no
 * time limit and mixes up the answers of several clients.
 * @throws ApplicationError `service_unavailable` from every method, after `timeouts.total` at most
 */
export const createEventStoreDbClient = ({
  url,
  prefix,
  categories,
  timeouts = DEFAULT_TIMEOUTS,
  remaining = () => undefined,
}: Options): EventStoreDbClient => {
  const credentials = credentialsIn(url);
  const filter = streamNameFilter({
    prefixes: categories.map((category) => `${prefix}${category}-`),
  });
  const isOurs = ({ stream }: KeptEvent) =>
    filter.prefixes?.some((start) => stream.startsWith(start)) === true;
  const withoutPrefix = (event: KeptEvent): KeptEvent => ({
    ...event,
    stream: event.stream.slice(prefix.length),
  });
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const { current, judge, opened, persist } = createCalls({
    connect: () => EventStoreDBClient.connectionString(url),
    timeouts,
    remaining,
    closing: closing.signal,
  });

  const readPage = (
    open: (client: EventStoreDBClient) => Readable,
  ): Promise<readonly KeptEvent[]> => persist((used, limit) => drain(open(used), limit));

  const readNumbers = (stream: string, fromRevision: bigint, maxCount: number) =>
    readPage((used) =>
      used.readStream(`${prefix}${stream}`, {
        fromRevision,
        maxCount,
        credentials,
        requiresLeader: true,
      }),
    );

  const readStream = async (stream: string, from: bigint): Promise<readonly KeptEvent[]> => {
    const found: KeptEvent[] = [];
    for (let next = from; ; ) {
      const page = await readNumbers(stream, next, PAGE);
      found.push(...page.map(withoutPrefix));
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return found;
      next = last.number + 1n;
    }
  };

  /** After an answer that got lost, a conflict may be with what the first try stored. */
  const findStored = async (
    stream: string,
    expected: bigint | 'none',
    events: readonly ProposedEvent[],
  ): Promise<KeptEvent | undefined> => {
    const from = expected === 'none' ? 0n : expected + 1n;
    const stored = await readNumbers(stream, from, events.length);
    return events.every(({ id }, i) => stored[i]?.id === id) ? stored.at(-1) : undefined;
  };

  const append: EventStoreDbClient['append'] = (stream, expected, events) =>
    persist(async (used, deadline, tries) => {
      try {
        const { position } = await used.appendToStream(
          `${prefix}${stream}`,
          events.map((event) => jsonEvent(event)),
          {
            expectedRevision: expected === 'none' ? NO_STREAM : expected,
            credentials,
            requiresLeader: true,
            deadline,
          },
        );
        return position;
      } catch (error) {
        if (!(error instanceof WrongExpectedVersionError)) throw error;
        const found = tries === 0 ? undefined : await findStored(stream, expected, events);
        if (found === undefined) throw new WrongExpectedNumber(stream, { cause: error });
        return isKnown(found.position) ? found.position : undefined;
      }
    });

  const readAllPage = (from: LogPosition | undefined) =>
    readPage((used) =>
      used.readAll({
        fromPosition: from ?? START,
        maxCount: PAGE,
        credentials,
        requiresLeader: true,
      }),
    );

  async function* readLog(after: LogPosition | undefined): AsyncIterable<readonly KeptEvent[]> {
    let last = after;
    for (;;) {
      const page = await readAllPage(last); // begins with the event at `last`
      const fresh = page.filter(({ position }) => isAfter(position, last));
      const ours = fresh.filter(isOurs).map(withoutPrefix);
      if (ours.length > 0) yield ours;
      last = fresh.at(-1)?.position ?? last;
      if (page.length < PAGE) return;
    }
  }

  const readBackwards = (maxCount: number) =>
    readPage((used) =>
      used.readAll({
        direction: BACKWARDS,
        fromPosition: END,
        maxCount,
        credentials,
        requiresLeader: true,
      }),
    );

  const endOfLog = async (): Promise<LogPosition | undefined> => {
    for (const maxCount of END_WINDOWS) {
      const page = await readBackwards(maxCount);
      const found = page.find(isOurs);
      if (found !== undefined || page.length < maxCount) return found?.position;
    }
    return undefined;
  };

  const isEmpty = async (): Promise<boolean> => {
    const ending = new AbortController();
    const subscription = current().subscribeToAll({
      fromPosition: START,
      filter,
      credentials,
    });
    subscription.on('error', () => undefined);
    const first = once(subscription, 'data', { signal: ending.signal }).then(() => false);
    const none = once(subscription, 'caughtUp', { signal: ending.signal }).then(() => true);
    none.catch(() => undefined);
    try {
      const limits = { limit: timeouts.total, signal: closing.signal };
      return await within(Promise.race([first, none]), limits);
    } catch (error) {
      throw isTransient(error) ? unavailable(error) : error;
    } finally {
      ending.abort();
      void subscription.unsubscribe().catch(() => undefined);
      subscription.destroy();
    }
  };

  const subscribe = createLastingSubscription({
    open: (after, heard) =>
      current().subscribeToAll(
        {
          fromPosition: after ?? START,
          filter: streamNameFilter({
            ...filter,
            checkpointReached: async (_subscription, position) => heard(position),
          }),
          credentials,
        },
        { highWaterMark: SUBSCRIPTION_BUFFER },
      ),
    toKept: (resolved) => toKept(resolved as ResolvedEvent).map(withoutPrefix),
    readEnd: async () => {
      const page = await readBackwards(END_WINDOWS[0] ?? 1);
      return page.map((event) => ({ position: event.position, ours: isOurs(event) }));
    },
    onFailure: (error) => judge(current(), error),
    silence: timeouts.silence,
  });

  return {
    append,
    readStream,
    readEvent: async (stream, number) => {
      const [found] = await readNumbers(stream, number, 1);
      return found?.number === number ? withoutPrefix(found) : undefined;
    },
    readLast: async (stream) => {
      const [last] = await readPage((used) =>
        used.readStream(`${prefix}${stream}`, {
          direction: BACKWARDS,
          fromRevision: END,
          maxCount: 1,
          credentials,
          requiresLeader: true,
        }),
      );
      return last && withoutPrefix(last);
    },
    readLog,
    endOfLog,
    isEmpty,
    ping: async () => void (await readBackwards(1)),
    subscribe: (after, signal) => subscribe(after, AbortSignal.any([signal, closing.signal])),
    close: async () => {
      closing.abort();
      // The library waits for its streams to end; one that does not must keep nobody from leaving.
      const client = opened();
      if (client) await within(client.dispose(), { limit: CLOSE_MS }).catch(() => undefined);
    },
  };
};
