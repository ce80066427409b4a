import { setTimeout as delay } from 'node:timers/promises';
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  isCommandError,
  jsonEvent,
  NO_STREAM,
  type ResolvedEvent,
  START,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { ApplicationError } from '../../application/errors.ts';

/** A place in `$all`. Both are 64 bits wide. */
export type LogPosition = Readonly<{ commit: bigint; prepare: bigint }>;

/** An event as the store keeps it; `number` is its place in the stream. */
export type KeptEvent = Readonly<{
  id: string;
  stream: string;
  number: bigint;
  position: LogPosition;
  type: string;
  data: unknown;
  metadata: unknown;
}>;

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
   * writes nothing. @returns where its last event is
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
  /** The last event of ours. */
  endOfLog(): Promise<LogPosition | undefined>;
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
}>;

type Readable =
  | ReturnType<EventStoreDBClient['readStream']>
  | ReturnType<EventStoreDBClient['readAll']>;

const DEFAULT_TIMEOUTS: EventStoreDbTimeouts = { attempt: 3_000, total: 8_000, silence: 10_000 };
const PAGE = 1_000;
const SUBSCRIPTION_BUFFER = 256;
const RETRY_MS = [20, 50, 100, 200, 400, 800];
const RESUBSCRIBE_MS = [50, 200, 500, 1_000, 2_000];
/** How far back the last event of ours is looked for before the whole log is. */
const END_WINDOWS = [64, 4_096];
const TRANSIENT_TYPES = new Set([
  'not-leader',
  'unavailable',
  'cancelled',
  'deadline-exceeded',
  'timeout',
]);
/** gRPC: cancelled, deadline exceeded, resource exhausted, aborted, internal (a reset stream), unavailable. */
const TRANSIENT_CODES = new Set([1, 4, 8, 10, 13, 14]);

class TimedOut extends Error {
  constructor() {
    super('the event store did not answer in time');
    this.name = 'TimedOut';
  }
}

class Interrupted extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Interrupted';
  }
}

const unavailable = (cause: unknown) =>
  new ApplicationError('service_unavailable', { cause, retryAfterSeconds: 1 });

const codeOf = (error: Error): unknown => ('code' in error ? error.code : undefined);

/** The client could not even find a node: it would go on failing with what it remembers of that. */
const isFailedDiscovery = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Failed to discover');

const isTransient = (error: unknown): boolean => {
  if (error instanceof TimedOut || error instanceof Interrupted) return true;
  if (!(error instanceof Error)) return false;
  if (isFailedDiscovery(error)) return true;
  if (isCommandError(error) && TRANSIENT_TYPES.has(error.type)) return true;
  const code = codeOf(error);
  return typeof code === 'number' && TRANSIENT_CODES.has(code);
};

const waitFor = (steps: readonly number[], tries: number): number => {
  const step = steps[Math.min(tries, steps.length - 1)] ?? 0;
  return step / 2 + Math.random() * (step / 2);
};

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

export const isAfter = (position: LogPosition, other: LogPosition | undefined): boolean =>
  other === undefined ||
  position.commit > other.commit ||
  (position.commit === other.commit && position.prepare > other.prepare);

/** `work`, but no longer than `limit`; a late failure is nobody's any more. */
const within = async <Result>(
  work: Promise<Result>,
  limit: number,
  onTimeout: () => void = () => undefined,
): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new TimedOut());
      onTimeout();
    }, limit);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
};

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
  return within(collect(), limit, () => {
    void readable.cancel().catch(() => undefined);
    readable.destroy(new TimedOut());
  });
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
  let client: EventStoreDBClient | undefined;
  let timeoutsInARow = 0;

  const currentClient = (): EventStoreDBClient => {
    client ??= EventStoreDBClient.connectionString(url);
    return client;
  };

  /** Two calls in a row without an answer: whoever is behind the connection may not be there any more. */
  const judge = (used: EventStoreDBClient, error: unknown): void => {
    timeoutsInARow = error instanceof TimedOut ? timeoutsInARow + 1 : 0;
    if (used !== client || !(isFailedDiscovery(error) || timeoutsInARow >= 2)) return;
    client = undefined;
    timeoutsInARow = 0;
  };

  const attempt = async <Result>(
    call: (client: EventStoreDBClient, limit: number) => Promise<Result>,
    limit: number,
  ): Promise<Result> => {
    const used = currentClient();
    try {
      const result = await within(call(used, limit), limit);
      timeoutsInARow = 0;
      return result;
    } catch (error) {
      judge(used, error);
      throw error;
    }
  };

  const persist = async <Result>(
    call: (client: EventStoreDBClient, limit: number, tries: number) => Promise<Result>,
  ): Promise<Result> => {
    const deadline = performance.now() + timeouts.total;
    for (let tries = 0; ; tries += 1) {
      if (closing.signal.aborted) throw unavailable(new Interrupted('closed'));
      const limit = Math.min(timeouts.attempt, deadline - performance.now());
      try {
        return await attempt((used) => call(used, limit, tries), limit);
      } catch (error) {
        if (!isTransient(error)) throw error;
        const pause = waitFor(RETRY_MS, tries);
        if (performance.now() + pause >= deadline) throw unavailable(error);
        await delay(pause);
      }
    }
  };

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
  const storedBefore = async (
    stream: string,
    expected: bigint | 'none',
    events: readonly ProposedEvent[],
  ): Promise<LogPosition | undefined> => {
    const from = expected === 'none' ? 0n : expected + 1n;
    const stored = await readNumbers(stream, from, events.length);
    const same = events.every(({ id }, i) => stored[i]?.id === id);
    return same ? stored.at(-1)?.position : undefined;
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
        const found = tries === 0 ? undefined : await storedBefore(stream, expected, events);
        if (found === undefined) throw new WrongExpectedNumber(stream, { cause: error });
        return found;
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

  const endOfLog = async (): Promise<LogPosition | undefined> => {
    for (const maxCount of END_WINDOWS) {
      const page = await readPage((used) =>
        used.readAll({
          direction: BACKWARDS,
          fromPosition: END,
          maxCount,
          credentials,
          requiresLeader: true,
        }),
      );
      const found = page.find(isOurs);
      if (found !== undefined) return found.position;
      if (page.length < maxCount) return undefined;
    }
    let last: LogPosition | undefined;
    for await (const page of readLog(undefined)) last = page.at(-1)?.position ?? last;
    return last;
  };

  /** One subscription, until it breaks. */
  async function* follow(
    after: LogPosition | undefined,
    delivered: () => LogPosition | undefined,
    signal: AbortSignal,
  ): AsyncIterable<readonly KeptEvent[]> {
    const used = currentClient();
    const subscription = used.subscribeToAll(
      { fromPosition: after ?? START, filter, credentials },
      { highWaterMark: SUBSCRIPTION_BUFFER },
    );
    let confirmed = false;
    let broken: unknown;
    let heardAt = performance.now();
    let wake = (): void => undefined;
    const end = (error: unknown) => {
      broken ??= error;
      wake();
    };
    subscription
      .on('confirmation', () => {
        confirmed = true;
      })
      .on('readable', () => wake())
      .on('error', end)
      .on('close', () => end(new Interrupted('the subscription was closed')));
    const onAbort = () => wake();
    signal.addEventListener('abort', onAbort);
    const ticking = setInterval(() => wake(), timeouts.silence / 4);

    const takeBuffered = (): readonly KeptEvent[] => {
      const taken: KeptEvent[] = [];
      for (;;) {
        const resolved = subscription.read() as ResolvedEvent | null;
        if (resolved === null) return taken;
        taken.push(...toKept(resolved));
      }
    };

    const investigateSilence = async (): Promise<void> => {
      if (performance.now() - heardAt < timeouts.silence) return;
      if (!confirmed) throw new TimedOut();
      const last = await endOfLog();
      if (last !== undefined && isAfter(last, delivered())) throw new Interrupted('it is silent');
      heardAt = performance.now();
    };

    try {
      while (!signal.aborted) {
        const taken = takeBuffered();
        if (taken.length > 0) {
          heardAt = performance.now();
          yield taken;
        } else if (broken !== undefined) {
          throw broken;
        } else {
          const woken = new Promise<void>((resolve) => {
            wake = resolve;
          });
          await woken;
          if (!signal.aborted && subscription.readableLength === 0) await investigateSilence();
        }
      }
    } catch (error) {
      judge(used, error);
      throw error;
    } finally {
      clearInterval(ticking);
      signal.removeEventListener('abort', onAbort);
      void subscription.unsubscribe().catch(() => undefined);
      subscription.destroy();
    }
  }

  async function* subscribe(
    after: LogPosition | undefined,
    signal: AbortSignal,
  ): AsyncIterable<readonly KeptEvent[]> {
    const ending = AbortSignal.any([signal, closing.signal]);
    let last = after;
    for (let failures = 0; !ending.aborted; failures += 1) {
      try {
        for await (const taken of follow(last, () => last, ending)) {
          failures = 0;
          const fresh = taken.filter(({ position }) => isAfter(position, last));
          last = fresh.at(-1)?.position ?? last;
          if (fresh.length > 0) yield fresh.map(withoutPrefix);
        }
      } catch (error) {
        if (!isTransient(error)) throw error;
      }
      const pause = waitFor(RESUBSCRIBE_MS, failures);
      await delay(pause, undefined, { signal: ending }).catch(() => undefined);
    }
  }

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
    subscribe,
    close: async () => {
      closing.abort();
      await client?.dispose();
    },
  };
};
