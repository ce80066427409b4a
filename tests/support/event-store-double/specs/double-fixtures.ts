import {
  EventStoreDBClient,
  type JSONEventType,
  type JSONRecordedEvent,
  jsonEvent,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { afterEach } from 'vitest';
import {
  type EventStoreDouble,
  type EventStoreDoubleOptions,
  startEventStoreDouble,
} from '../event-store-double.ts';

export type Fact = JSONEventType<string, { n: number }, { by?: string }>;

/** Credentials per call make the client use the plain Append, even if the server offers batches. */
export const plain = { credentials: { username: 'tester', password: 'tester' } };

export const fact = (n: number, id?: string) =>
  jsonEvent<Fact>({ type: 'Counted', data: { n }, metadata: { by: 'a test' }, ...(id && { id }) });

export const facts = (count: number) => Array.from({ length: count }, (_, n) => fact(n));

/** Reads the numbers of the test's events in order, without system events. */
export const numbersOf = async (read: AsyncIterable<ResolvedEvent>): Promise<number[]> => {
  const numbers: number[] = [];
  for await (const { event } of read)
    if (event?.type === 'Counted') numbers.push((event as JSONRecordedEvent<Fact>).data.n);
  return numbers;
};

export const revisionsOf = async (read: AsyncIterable<ResolvedEvent>): Promise<bigint[]> => {
  const revisions: bigint[] = [];
  for await (const { event } of read) if (event) revisions.push(event.revision);
  return revisions;
};

/** Returns the value or error of a promise within the time, or 'pending'. */
export const within = async <T>(milliseconds: number, promise: Promise<T>) => {
  let timer: NodeJS.Timeout | undefined;
  const pending = new Promise<'pending'>((resolve) => {
    timer = setTimeout(resolve, milliseconds, 'pending');
  });
  return Promise.race([promise.catch((error: unknown) => error), pending]).finally(() =>
    clearTimeout(timer),
  );
};

type Pair = Readonly<{ double: EventStoreDouble; client: EventStoreDBClient }>;

/** Starts a double and connects the real client to it; both end with the test. */
export const useDouble = () => {
  const started: Pair[] = [];
  afterEach(async () => {
    for (const { client, double } of started.splice(0)) {
      await client.dispose();
      await double.stop();
    }
  });
  return async (options: EventStoreDoubleOptions = {}, settings = ''): Promise<Pair> => {
    const double = await startEventStoreDouble(options);
    const client = EventStoreDBClient.connectionString(`${double.connectionString}${settings}`);
    started.push({ double, client });
    return { double, client };
  };
};
