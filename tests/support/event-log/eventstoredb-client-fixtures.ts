import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type {
  EventStoreDbClient,
  EventStoreDbTimeouts,
} from '../../../src/adapters/event-store/eventstoredb/client/eventstoredb-client.ts';
import type { ProposedEvent } from '../../../src/adapters/event-store/eventstoredb/client/eventstoredb-connection.ts';
import type {
  EventStoreDbEvent,
  LogPosition,
} from '../../../src/adapters/event-store/eventstoredb/client/eventstoredb-event.ts';
import {
  type EventStoreDouble,
  type EventStoreDoubleOptions,
  startEventStoreDouble,
} from '../event-store-double/event-store-double.ts';
import { eventually } from '../kernel/eventually.ts';
import { createTestClient, SHORT_TIMEOUTS } from './eventstoredb-event-store.ts';

export const counted = (n: number): ProposedEvent => ({
  id: randomUUID(),
  type: 'Counted',
  data: { n },
  metadata: { by: 'a test' },
});

export const countedTo = (count: number): readonly ProposedEvent[] =>
  Array.from({ length: count }, (_, n) => counted(n));

export const idsOf = (events: readonly { id: string }[]): readonly string[] =>
  events.map(({ id }) => id);

/** A new stream of a category that the client delivers. */
export const aStream = (): string => `household-${randomUUID()}`;

/** Options for calls that should time out. */
export const SHORT_TIMEOUT_OPTIONS = { timeouts: SHORT_TIMEOUTS };
/** Upper bound on attempts without an answer: each takes its whole time limit. */
export const MAX_UNANSWERED = SHORT_TIMEOUTS.total / SHORT_TIMEOUTS.attempt;
/** Upper bound on refused attempts: the pauses between them grow to 400 to 800 ms. */
export const MAX_REFUSED = 10;
/** Longer than a test, so that a test that waits for it fails. */
const NEVER_MS = 600_000;
export const ENDLESS = { timeouts: { attempt: NEVER_MS, total: NEVER_MS, silence: NEVER_MS } };
const PATIENT: EventStoreDbTimeouts = { attempt: 5_000, total: 15_000, silence: 400 };

export type OpenedDouble = EventStoreDouble &
  Readonly<{
    /** Clients of one double share streams unless they have different prefixes. */
    connect(
      options?: Readonly<{ prefix?: string; timeouts?: EventStoreDbTimeouts }>,
    ): EventStoreDbClient;
  }>;

/**
 * Checks that a client closes without a timer. A client with a call that never ends closes by its
 * timer only, and timers are faked here.
 */
const expectToClose = async (client: EventStoreDbClient): Promise<void> => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    await client.close();
  } finally {
    vi.useRealTimers();
  }
};

/**
 * Starts doubles for a test and checks at its end that no call is open and no rejection unhandled.
 */
export const useDoubles = () => {
  const opened: { double: EventStoreDouble; clients: EventStoreDbClient[] }[] = [];
  const strays: unknown[] = [];
  const onStray = (reason: unknown) => void strays.push(reason);
  beforeEach(() => void process.on('unhandledRejection', onStray));
  afterEach(async () => {
    for (const { double, clients } of opened.splice(0)) {
      await eventually(() => double.openCalls() === 0, 'all calls are over');
      for (const client of clients) {
        await expectToClose(client);
      }
      await double.stop();
    }
    await setImmediate();
    process.off('unhandledRejection', onStray);
    expect(strays.splice(0)).toStrictEqual([]);
  });
  return async (options: EventStoreDoubleOptions = {}): Promise<OpenedDouble> => {
    const double = await startEventStoreDouble(options);
    const clients: EventStoreDbClient[] = [];
    opened.push({ double, clients });
    return {
      ...double,
      connect: ({ prefix = 'ours-', timeouts = PATIENT } = {}) => {
        const client = createTestClient({ url: double.connectionString, prefix, timeouts });
        clients.push(client);
        return client;
      },
    };
  };
};

/** Collects what a subscription delivers until it is stopped. */
export const startFollowing = (client: EventStoreDbClient, after?: LogPosition) => {
  const stopping = new AbortController();
  const delivered: EventStoreDbEvent[] = [];
  const over = (async () => {
    for await (const taken of client.subscribe(after, stopping.signal)) delivered.push(...taken);
  })();
  const failed = over.then(() => new Promise<never>(() => undefined));
  failed.catch(() => undefined);
  return {
    delivered,
    /** Rejects with the error of the subscription. */
    over,
    hasDelivered: async (count: number): Promise<void> => {
      const all = eventually(() => delivered.length >= count, `${count} events are delivered`);
      all.catch(() => undefined);
      await Promise.race([all, failed]);
    },
    stop: async () => {
      stopping.abort();
      await over;
    },
  };
};

/** Returns the value of a promise, or the reason of its rejection. */
export const outcomeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => error);
