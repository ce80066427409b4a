import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { EventStoreDbClient } from '../../../../../src/adapters/event-store/eventstoredb/client/eventstoredb-client.ts';
import type { ProposedEvent } from '../../../../../src/adapters/event-store/eventstoredb/client/eventstoredb-connection.ts';
import type {
  EventStoreDbEvent,
  LogPosition,
} from '../../../../../src/adapters/event-store/eventstoredb/client/eventstoredb-event.ts';
import {
  aStream,
  counted,
  countedTo,
  idsOf,
  MAX_UNANSWERED,
  outcomeOf,
  SHORT_TIMEOUT_OPTIONS,
  useDoubles,
} from '../../../../support/event-log/eventstoredb-client-fixtures.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';

const open = useDoubles();

const wholeLog = async (client: EventStoreDbClient, after?: LogPosition) => {
  const found: EventStoreDbEvent[] = [];
  for await (const page of client.readLog(after)) found.push(...page);
  return found;
};

const readings = {
  readStream: (client: EventStoreDbClient) => client.readStream(aStream(), 0n),
  readEvent: (client: EventStoreDbClient) => client.readEvent(aStream(), 0n),
  readLast: (client: EventStoreDbClient) => client.readLast(aStream()),
  readLog: (client: EventStoreDbClient) => wholeLog(client),
  endOfLog: (client: EventStoreDbClient) => client.endOfLog(),
  isEmpty: (client: EventStoreDbClient) => client.isEmpty(),
  ping: (client: EventStoreDbClient) => client.ping(),
} as const;
const NAMES = Object.keys(readings) as (keyof typeof readings)[];
const METHODS = ['readStream', 'readAll', 'subscribe'] as const;

/** More than one page. */
const fill = async (client: EventStoreDbClient, stream: string, count: number) => {
  const events = countedTo(count);
  const steps: (readonly ProposedEvent[])[] = [];
  for (let i = 0; i < count; i += 500) steps.push(events.slice(i, i + 500));
  let expected: bigint | 'none' = 'none';
  for (const step of steps) {
    await client.append(stream, expected, step);
    expected = (expected === 'none' ? -1n : expected) + BigInt(step.length);
  }
  return idsOf(events);
};

describe('a stream without events', () => {
  it('is empty', async () => {
    const client = (await open()).connect();
    const stream = aStream();
    expect(await client.readStream(stream, 0n)).toStrictEqual([]);
    expect(await client.readLast(stream)).toBeUndefined();
    expect(await client.readEvent(stream, 0n)).toBeUndefined();
  });
});

describe('a stream', () => {
  it('of any length is read as a whole and from any number', async () => {
    const client = (await open()).connect();
    const stream = aStream();
    const ids = await fill(client, stream, 2_003);
    expect(idsOf(await client.readStream(stream, 0n))).toStrictEqual(ids);
    expect(idsOf(await client.readStream(stream, 1_500n))).toStrictEqual(ids.slice(1_500));
    expect(await client.readStream(stream, 2_003n)).toStrictEqual([]);
    expect(await client.readLast(stream)).toMatchObject({ id: ids[2_002], number: 2_002n });
    expect(await client.readEvent(stream, 7n)).toMatchObject({ id: ids[7], stream, number: 7n });
    expect(await client.readEvent(stream, 2_003n)).toBeUndefined();
  });
});

describe('the log', () => {
  it("returns Latchkey's events only, from any position", async () => {
    const double = await open();
    const [client, others] = [double.connect(), double.connect({ prefix: 'theirs-' })];
    await fill(others, aStream(), 700);
    const first = await fill(client, aStream(), 1_201);
    await others.append('foreign-1', 'none', [counted(0)]);
    await client.append('foreign-2', 'none', [counted(0)]);
    await fill(others, aStream(), 700);
    const second = await fill(client, aStream(), 3);
    await others.append(aStream(), 'none', [counted(0)]);
    const log = await wholeLog(client);
    expect(idsOf(log)).toStrictEqual([...first, ...second]);
    expect(idsOf(await wholeLog(client, log[1_199]?.position))).toStrictEqual([
      first[1_200],
      ...second,
    ]);
    expect(await wholeLog(client, log.at(-1)?.position)).toStrictEqual([]);
    expect(await client.endOfLog()).toStrictEqual(log.at(-1)?.position);
    expect(double.events({ system: true }).length).toBeGreaterThan(double.events().length);
  });

  it('has positions beyond the exact integers of a number', async () => {
    const double = await open({ startPosition: 18_446_744_073_709_000_000n });
    const client = double.connect();
    await fill(client, aStream(), 3);
    const log = await wholeLog(client);
    expect(log.map(({ position }) => position.commit)).toStrictEqual(
      double.events().map(({ position }) => position),
    );
    expect(await wholeLog(client, log[1]?.position)).toStrictEqual(log.slice(2));
    expect(await client.endOfLog()).toStrictEqual(log[2]?.position);
  });

  it("is empty as long as it has none of Latchkey's events", async () => {
    const double = await open();
    const [client, others] = [double.connect(), double.connect({ prefix: 'theirs-' })];
    expect(await client.isEmpty()).toBe(true);
    await fill(others, aStream(), 100);
    expect(await client.isEmpty()).toBe(true);
    expect(await client.endOfLog()).toBeUndefined();
    await client.append(aStream(), 'none', [counted(0)]);
    await fill(others, aStream(), 100);
    for (let i = 0; i < 20; i += 1) expect(await client.isEmpty()).toBe(false);
  });
});

describe('a read', () => {
  it.each(NAMES)('ends in time when there is no answer: %s', async (name) => {
    const double = await open();
    for (const method of METHODS) double.faults.always(method, { kind: 'hang' });
    const outcome = await outcomeOf(readings[name](double.connect(SHORT_TIMEOUT_OPTIONS)));
    expect(outcome).toMatchObject({ code: 'service_unavailable', retryAfterSeconds: 1 });
    const calls = Object.values(double.calls()).reduce((sum, count) => sum + count, 0);
    expect(calls).toBeLessThanOrEqual(MAX_UNANSWERED);
  });

  it.each([status.CANCELLED, status.UNKNOWN, status.ABORTED, status.INTERNAL, status.UNAVAILABLE])(
    'that breaks off with status %i is repeated',
    async (code) => {
      const double = await open();
      const [client, stream] = [double.connect(), aStream()];
      const ids = await fill(client, stream, 50);
      const fault = { kind: 'breakOff', after: 20, code } as const;
      double.faults.next('readStream', fault, 2);
      double.faults.next('readAll', fault, 2);
      expect(idsOf(await client.readStream(stream, 0n))).toStrictEqual(ids);
      expect(idsOf(await wholeLog(client))).toStrictEqual(ids);
      expect(double.calls()).toMatchObject({ readStream: 3, readAll: 3 });
    },
  );

  it('that is not answered is repeated', async () => {
    const double = await open();
    const [client, stream] = [double.connect(SHORT_TIMEOUT_OPTIONS), aStream()];
    const ids = await fill(client, stream, 5);
    double.faults.next('readStream', { kind: 'hang' }, 2);
    expect(idsOf(await client.readStream(stream, 0n))).toStrictEqual(ids);
  });

  it('releases its call when it is abandoned half-way', async () => {
    const double = await open();
    const stream = aStream();
    await fill(double.connect(), stream, 1_000);
    const limits = Array.from({ length: 30 }, (_, i) => 4 + 3 * i);
    const attempts = limits.flatMap((attempt) => {
      const hasty = double.connect({ timeouts: { attempt, total: attempt, silence: 400 } });
      return [1, 2].map(() => outcomeOf(hasty.readStream(stream, 0n)));
    });
    const given = (await Promise.all(attempts)).filter((outcome) => outcome instanceof Error);
    expect(given.length).toBeGreaterThan(0);
    await eventually(() => double.openCalls() === 0, 'the server knows');
  });
});
