import { setMaxListeners } from 'node:events';
import { createCalls } from './eventstoredb-calls.ts';
import {
  connectToEventStoreDb,
  type ProposedEvent,
  WrongExpectedNumber,
} from './eventstoredb-connection.ts';
import {
  type EventStoreDbEvent,
  hasPosition,
  isAfter,
  type LogPosition,
} from './eventstoredb-event.ts';
import { within } from './eventstoredb-failures.ts';
import { createReconnectingSubscription } from './eventstoredb-subscription.ts';

/** The calls that Latchkey makes to EventStoreDB. Stream names are without the prefix. */
export type EventStoreDbClient = Readonly<{
  /**
   * Appends events. `expected`: the number of the stream's last event. Repeating an append with the
   * same ids succeeds and writes nothing. @returns the position of its last event, if the store
   * reports it
   * @throws WrongExpectedNumber
   */
  append(
    stream: string,
    expected: bigint | 'none',
    events: readonly ProposedEvent[],
  ): Promise<LogPosition | undefined>;
  /** Reads a stream from number `from` on; empty when there is no such stream. */
  readStream(stream: string, from: bigint): Promise<readonly EventStoreDbEvent[]>;
  readEvent(stream: string, number: bigint): Promise<EventStoreDbEvent | undefined>;
  readLast(stream: string): Promise<EventStoreDbEvent | undefined>;
  /** Reads the log after `after` page by page, up to its end. */
  readLog(after: LogPosition | undefined): AsyncIterable<readonly EventStoreDbEvent[]>;
  /**
   * Reads the whole log as stored. `modified`: Latchkey's streams that were
   * deleted, truncated or given a limit, each of which hides events that are still in the log.
   */
  readRawLog(): AsyncIterable<
    Readonly<{ events: readonly EventStoreDbEvent[]; modified: readonly string[] }>
  >;
  /**
   * Position of Latchkey's last event; undefined when others have written thousands of events
   * since.
   */
  endOfLog(): Promise<LogPosition | undefined>;
  /** Whether the store holds none of Latchkey's events. */
  isEmpty(): Promise<boolean>;
  /** @throws ApplicationError `service_unavailable` when the store does not answer */
  ping(): Promise<void>;
  /**
   * Follows Latchkey's streams after `after`: in order, without gaps or repeats, until `signal`
   * aborts.
   */
  subscribe(
    after: LogPosition | undefined,
    signal: AbortSignal,
  ): AsyncIterable<readonly EventStoreDbEvent[]>;
  close(): Promise<void>;
}>;

/** Time limits in milliseconds. The client library has one for plain appends only. */
export type EventStoreDbTimeouts = Readonly<{
  attempt: number;
  /** For all attempts together: a request is refused after it. */
  total: number;
  /** A subscription silent for this long is compared with the end of the log. */
  silence: number;
}>;

type Options = Readonly<{
  /** `esdb://…` or `esdb+discover://…` */
  url: string;
  /** Prefix of all stream names, so that several installations can share a cluster. */
  prefix: string;
  /** The stream categories, which follow the prefix. */
  categories: readonly string[];
  timeouts?: EventStoreDbTimeouts;
  /** Milliseconds left for the request being served; undefined when no request waits. */
  remaining?: () => number | undefined;
}>;

const DEFAULT_TIMEOUTS: EventStoreDbTimeouts = { attempt: 3_000, total: 8_000, silence: 10_000 };
const CLOSE_MS = 1_000;
const PAGE = 250;
/** Number of events searched backwards for Latchkey's last one: at first, and if none was found. */
const NEAR_END = 64;
const FAR_FROM_END = 4_096;

/**
 * Names of the metadata stream and of the event that the server writes when a stream is modified.
 */
const SETTINGS_OF = '$$';
const DELETED = '$streamDeleted';

const modifiedBy = ({ stream, type }: EventStoreDbEvent): string | undefined => {
  if (stream.startsWith(SETTINGS_OF)) return stream.slice(SETTINGS_OF.length);
  return type === DELETED ? stream : undefined;
};

/**
 * Connects to EventStoreDB and adds what the client library lacks: time limits for all calls,
 * retries of transient failures, a new connection where the old one cannot recover, and
 * subscriptions that reconnect.
 * @throws ApplicationError `service_unavailable` from every method, after `timeouts.total` at most
 */
export const createEventStoreDbClient = ({
  url,
  prefix,
  categories,
  timeouts = DEFAULT_TIMEOUTS,
  remaining = () => undefined,
}: Options): EventStoreDbClient => {
  const prefixes = categories.map((category) => `${prefix}${category}-`);
  const isOwnName = (stream: string) => prefixes.some((start) => stream.startsWith(start));
  const isOwn = ({ stream }: EventStoreDbEvent) => isOwnName(stream);
  const withoutPrefix = (event: EventStoreDbEvent): EventStoreDbEvent => ({
    ...event,
    stream: event.stream.slice(prefix.length),
  });
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const { current, recordFailure, opened, callWithRetry } = createCalls({
    connect: () => connectToEventStoreDb({ url, prefixes }),
    timeouts,
    remaining,
    closing: closing.signal,
  });

  const readNumbers = async (stream: string, from: bigint | 'end', maxCount: number) => {
    const page = await callWithRetry((connection, limit) =>
      connection.readStream(`${prefix}${stream}`, { from, maxCount, limit }),
    );
    return page.map(withoutPrefix);
  };

  const readAll = (from: LogPosition | 'start' | 'end', maxCount: number) =>
    callWithRetry((connection, limit) => connection.readAll({ from, maxCount, limit }));

  const readStream = async (
    stream: string,
    from: bigint,
  ): Promise<readonly EventStoreDbEvent[]> => {
    const found: EventStoreDbEvent[] = [];
    for (let next = from; ; ) {
      const page = await readNumbers(stream, next, PAGE);
      found.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return found;
      next = last.number + 1n;
    }
  };

  /** After a lost answer, a conflict may be with the events that the first attempt stored. */
  const findStored = async (
    stream: string,
    expected: bigint | 'none',
    events: readonly ProposedEvent[],
  ): Promise<EventStoreDbEvent | undefined> => {
    const from = expected === 'none' ? 0n : expected + 1n;
    const stored = await readNumbers(stream, from, events.length);
    return events.every(({ id }, i) => stored[i]?.id === id) ? stored.at(-1) : undefined;
  };

  const append: EventStoreDbClient['append'] = (stream, expected, events) =>
    callWithRetry(async (connection, limit, tries) => {
      try {
        return await connection.append(`${prefix}${stream}`, expected, events, limit);
      } catch (error) {
        if (!(error instanceof WrongExpectedNumber) || tries === 0) throw error;
        const found = await findStored(stream, expected, events);
        if (found === undefined) throw error;
        return hasPosition(found.position) ? found.position : undefined;
      }
    });

  async function* readEverything(
    after: LogPosition | undefined,
  ): AsyncIterable<readonly EventStoreDbEvent[]> {
    let last = after;
    for (;;) {
      const page = await readAll(last ?? 'start', PAGE); // begins with the event at `last`
      const fresh = page.filter(({ position }) => isAfter(position, last));
      yield fresh;
      last = fresh.at(-1)?.position ?? last;
      if (page.length < PAGE) return;
    }
  }

  async function* readLog(
    after: LogPosition | undefined,
  ): AsyncIterable<readonly EventStoreDbEvent[]> {
    for await (const page of readEverything(after)) {
      const ours = page.filter(isOwn).map(withoutPrefix);
      if (ours.length > 0) yield ours;
    }
  }

  async function* readRawLog() {
    for await (const page of readEverything(undefined)) {
      const modified = page.flatMap((event) => modifiedBy(event) ?? []);
      yield {
        events: page
          .filter((event) => isOwn(event) && modifiedBy(event) === undefined)
          .map(withoutPrefix),
        modified: modified.filter(isOwnName).map((name) => name.slice(prefix.length)),
      };
    }
  }

  const endOfLog = async (): Promise<LogPosition | undefined> => {
    const near = await readAll('end', NEAR_END);
    const found = near.find(isOwn);
    if (found !== undefined || near.length < NEAR_END) return found?.position;
    return (await readAll('end', FAR_FROM_END)).find(isOwn)?.position;
  };

  const subscribe = createReconnectingSubscription({
    open: (after, heard) => current().subscribe(after, heard),
    toEvents: (resolved) => current().toEventStoreDbEvents(resolved).map(withoutPrefix),
    readEnd: async () => {
      const page = await readAll('end', NEAR_END);
      return page.map((event) => ({ position: event.position, ours: isOwn(event) }));
    },
    onFailure: (error) => recordFailure(current(), error),
    silence: timeouts.silence,
  });

  return {
    append,
    readStream,
    readEvent: async (stream, number) => {
      const [found] = await readNumbers(stream, number, 1);
      return found?.number === number ? found : undefined;
    },
    readLast: async (stream) => (await readNumbers(stream, 'end', 1))[0],
    readLog,
    readRawLog,
    endOfLog,
    isEmpty: () => callWithRetry((connection, limit) => connection.isEmpty(limit)),
    ping: async () => void (await readAll('end', 1)),
    subscribe: (after, signal) => subscribe(after, AbortSignal.any([signal, closing.signal])),
    close: async () => {
      closing.abort();
      // The library waits for its streams to end; one that does not must not delay the shutdown.
      const connection = opened();
      if (connection)
        await within(connection.dispose(), { limit: CLOSE_MS }).catch(() => undefined);
    },
  };
};
