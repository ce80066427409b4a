import { randomUUID } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createEventStoreDbClient,
  type EventStoreDbClient,
} from '../../../../../src/adapters/event-store/eventstoredb/client/eventstoredb-client.ts';
import {
  type ProposedEvent,
  WrongExpectedNumber,
} from '../../../../../src/adapters/event-store/eventstoredb/client/eventstoredb-connection.ts';
import {
  createTransactions,
  TRANSACTION_CATEGORY,
} from '../../../../../src/adapters/event-store/eventstoredb/reading/eventstoredb-transactions.ts';
import {
  type DoubleProcess,
  startDoubleProcess,
} from '../../../../support/event-store-double/double-process.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';

/** All operations with LATCHKEY_SOAK_SECONDS, a part of them without. */
const OPERATIONS = process.env.LATCHKEY_SOAK_SECONDS === undefined ? 8_000 : 100_000;
const AT_ONCE = 40;
const MAX_GROWTH_BYTES = 2_500_000;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const KINDS_OF_FAULTS = ['breakOff', 'fail', 'failAfter', 'hang', 'lostAnswer'];
const PROCESS_EVENTS = ['unhandledRejection', 'uncaughtException', 'warning', 'exit'];

const listeners = (): number =>
  PROCESS_EVENTS.reduce((sum, name) => sum + process.listenerCount(name), 0);

const resources = (): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

/** Not `expect`, which retains its arguments. */
const check = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`not so: ${what}`);
};

const event = (marks: Readonly<Record<string, string>> = {}): ProposedEvent => ({
  id: randomUUID(),
  type: 'Counted',
  data: { n: 1 },
  metadata: marks,
});

describe('a process that uses the event store for a long time', () => {
  let double: DoubleProcess;
  let client: EventStoreDbClient;
  let transactions: ReturnType<typeof createTransactions>;
  const warnings: string[] = [];
  const rejections: unknown[] = [];
  const onWarning = ({ message }: Error) => void warnings.push(message);
  const onRejection = (reason: unknown) => void rejections.push(reason);

  beforeAll(async () => {
    process.on('warning', onWarning).on('unhandledRejection', onRejection);
    double = await startDoubleProcess();
    client = createEventStoreDbClient({
      url: double.connectionString,
      prefix: '',
      categories: ['user', TRANSACTION_CATEGORY],
      timeouts: { attempt: 1_000, total: 60_000, silence: 10_000 },
    });
    transactions = createTransactions(client);
  });

  afterAll(async () => {
    await client.close();
    await double.stop();
    process.off('warning', onWarning).off('unhandledRejection', onRejection);
  });

  const storeApart = async (): Promise<void> => {
    await client.append(`user-${randomUUID()}`, 'none', [event()]);
  };

  const storeTogether = async (): Promise<void> => {
    const id = randomUUID();
    const parts = [randomUUID(), randomUUID()].map((stream) => ({
      stream: `user-${stream}`,
      category: 'user',
      expected: 'none' as const,
      events: [event({ transaction: id })],
    }));
    await transactions.append(id, randomUUID(), parts);
    check(await transactions.isValid(id), 'it was committed');
  };

  const loseRace = async (): Promise<void> => {
    const outcome = await client.append('user-taken', 'none', [event()]).catch((error) => error);
    check(outcome instanceof WrongExpectedNumber, 'the race was lost');
  };

  const follow = async (): Promise<void> => {
    const stream = `user-${randomUUID()}`;
    const first = await client.append(stream, 'none', [event()]);
    await client.append(stream, 0n, [event()]);
    const ending = new AbortController();
    for await (const _events of client.subscribe(first, ending.signal)) ending.abort();
    check(getEventListeners(ending.signal, 'abort').length === 0, 'no listener is left');
  };

  const sufferOne = async (n: number): Promise<void> => {
    const faults = [
      { kind: 'fail', code: status.UNAVAILABLE },
      { kind: 'failAfter', code: status.INTERNAL },
      { kind: 'hang' },
      { kind: 'lostAnswer' },
    ] as const;
    await double.call('next', 'append', faults[Math.floor(n / 500) % 4] ?? faults[0]);
    await double.call('next', 'readStream', { kind: 'breakOff', after: 0, code: status.INTERNAL });
  };

  const readLast = async (): Promise<void> => {
    check((await client.readLast('user-taken'))?.number === 0n, 'there is one event');
  };
  const readMissing = async (): Promise<void> => {
    check((await client.readLast('user-nobody')) === undefined, 'there is no such stream');
  };
  const readWhole = async (): Promise<void> => {
    check((await client.readStream('user-taken', 0n)).length === 1, 'it is one event long');
  };

  const operate = async (n: number): Promise<void> => {
    if (n % 500 === 0) return sufferOne(n);
    if (n % 250 === 1) return follow();
    if (n % 100 === 2) return storeTogether();
    if (n % 10 === 3) return loseRace();
    if (n % 10 === 4) return storeApart();
    if (n % 10 <= 6) return readMissing();
    return n % 2 === 0 ? readLast() : readWhole();
  };

  const run = async (count: number): Promise<void> => {
    let next = 0;
    const worker = async () => {
      while (next < count) {
        next += 1;
        await operate(next);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await eventually(async () => (await double.call('openCalls')) === 0, 'no call is under way');
  };

  const state = () => {
    collectGarbage();
    const { heapUsed } = process.memoryUsage();
    return { heapUsed, resources: resources(), listeners: listeners() };
  };

  it('retains no memory after tens of thousands of operations, faults included', async () => {
    await client.append('user-taken', 'none', [event()]);
    await run(OPERATIONS / 2);
    const half = state();
    await run(OPERATIONS / 2);
    const whole = state();
    expect(whole.heapUsed - half.heapUsed).toBeLessThan(MAX_GROWTH_BYTES);
    expect(whole.resources).toStrictEqual(half.resources);
    expect(whole.listeners).toBe(half.listeners);
    const suffered = await double.call('injectedFaults');
    expect(Object.keys(suffered).toSorted()).toStrictEqual(KINDS_OF_FAULTS);
    for (const times of Object.values(suffered)) expect(times).toBeGreaterThan(OPERATIONS / 2_500);
    expect({ warnings, rejections }).toStrictEqual({ warnings: [], rejections: [] });
  }, 600_000);
});
