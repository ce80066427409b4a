import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect } from 'vitest';
import type {
  EventStoreDbClient,
  EventStoreDbTimeouts,
} from '../../../src/adapters/event-store/eventstoredb/client/eventstoredb-client.ts';
import type { ProposedEvent } from '../../../src/adapters/event-store/eventstoredb/client/eventstoredb-connection.ts';
import type {
  KeptEvent,
  LogPosition,
} from '../../../src/adapters/event-store/eventstoredb/client/kept-event.ts';
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

/** One of our streams: clients deliver no others. */
export const aStream = (): string => `household-${randomUUID()}`;

/** For calls that are to fail because of the time. */
export const IMPATIENT = { timeouts: SHORT_TIMEOUTS };
const PATIENT: EventStoreDbTimeouts = { attempt: 5_000, total: 15_000, silence: 400 };

export type OpenedDouble = EventStoreDouble &
  Readonly<{
    /** All on one double share streams, unless they are given another prefix. */
    connect(
      options?: Readonly<{ prefix?: string; timeouts?: EventStoreDbTimeouts }>,
    ): EventStoreDbClient;
  }>;

/** A double for a test; when it is over, nothing may be left under way and no failure without an owner. */
export const useDoubles = () => {
  const opened: { double: EventStoreDouble; clients: EventStoreDbClient[] }[] = [];
  const strays: unknown[] = [];
  const onStray = (reason: unknown) => void strays.push(reason);
  beforeEach(() => void process.on('unhandledRejection', onStray));
  afterEach(async () => {
    for (const { double, clients } of opened.splice(0)) {
      await eventually(() => double.openCalls() === 0, 'all calls are over');
      for (const client of clients) {
        // A client that remembers a call which never ends takes a second.
        expect((await timed(client.close())).milliseconds).toBeLessThan(900);
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
  const delivered: KeptEvent[] = [];
  const over = (async () => {
    for await (const taken of client.subscribe(after, stopping.signal)) delivered.push(...taken);
  })();
  const failed = over.then(() => new Promise<never>(() => undefined));
  failed.catch(() => undefined);
  return {
    delivered,
    /** Rejects as the subscription does. */
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

/** What came of it, and after how many milliseconds. */
export const timed = async (work: Promise<unknown>) => {
  const start = performance.now();
  const outcome = await work.catch((error: unknown) => error);
  return { outcome, milliseconds: performance.now() - start };
};
