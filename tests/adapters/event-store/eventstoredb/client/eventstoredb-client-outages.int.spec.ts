import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { EventStoreDbClient } from '../../../../../src/adapters/event-store/eventstoredb/client/eventstoredb-client.ts';
import {
  aStream,
  counted,
  countedTo,
  ENDLESS,
  idsOf,
  outcomeOf,
  SHORT_TIMEOUT_OPTIONS,
  startFollowing,
  useDoubles,
} from '../../../../support/event-log/eventstoredb-client-fixtures.ts';
import type { Fault } from '../../../../support/event-store-double/services/fault-plan.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';

const open = useDoubles();

const REFUSED = { code: 'service_unavailable', retryAfterSeconds: 1 };

describe('a store that is unavailable', () => {
  it('fails every call within its time limit, and is found when it returns', async () => {
    const double = await open();
    const client = double.connect(SHORT_TIMEOUT_OPTIONS);
    const [stream, first, second] = [aStream(), counted(0), counted(1)];
    await client.append(stream, 'none', [first]);
    await double.pause();
    const attempts = [
      client.append(stream, 0n, [second]),
      client.readStream(stream, 0n),
      client.readLast(stream),
      client.endOfLog(),
      client.isEmpty(),
      client.ping(),
    ];
    for (const outcome of await Promise.all(attempts.map(outcomeOf))) {
      expect(outcome).toMatchObject(REFUSED);
    }
    await double.resume();
    await client.append(stream, 0n, [second]);
    expect(idsOf(await client.readStream(stream, 0n))).toStrictEqual(idsOf([first, second]));
    expect(double.events()).toHaveLength(2);
  });

  it('completes pending calls when it returns in time', async () => {
    const double = await open();
    const client = double.connect();
    const [stream, events] = [aStream(), countedTo(10)];
    await client.ping();
    await double.pause();
    const appending = Promise.all(events.map((event) => client.append(aStream(), 'none', [event])));
    const reading = client.readLast(stream);
    await double.resume();
    await appending;
    expect(await reading).toBeUndefined();
    expect(
      double
        .events()
        .map(({ eventId }) => eventId)
        .sort(),
    ).toStrictEqual([...idsOf(events)].sort());
  });

  it('completes pending calls after connections were cut', async () => {
    const double = await open();
    const client = double.connect();
    for (let round = 0; round < 5; round += 1) {
      const events = countedTo(20);
      const appending = events.map((event) => client.append(aStream(), 'none', [event]));
      await eventually(() => double.calls().append !== undefined, 'appends are under way');
      double.faults.cutConnections();
      await Promise.all(appending);
    }
    const stored = double.events().map(({ eventId }) => eventId);
    expect([stored.length, new Set(stored).size]).toStrictEqual([100, 100]);
  });
});

describe('a client that is closed', () => {
  it('refuses pending and new calls', async () => {
    const double = await open();
    const client = double.connect(ENDLESS);
    await client.ping();
    double.faults.always('append', { kind: 'hang' });
    double.faults.always('readStream', { kind: 'hang' });
    const underWay = [
      outcomeOf(client.append(aStream(), 'none', [counted(0)])),
      outcomeOf(client.readStream(aStream(), 0n)),
    ];
    await eventually(() => double.openCalls() === 2, 'both are under way');
    await client.close();
    double.faults.clear();
    for (const outcome of await Promise.all(underWay)) expect(outcome).toMatchObject(REFUSED);
    double.faults.cutConnections();
    await expect(client.append(aStream(), 'none', [counted(0)])).rejects.toMatchObject(REFUSED);
    await expect(client.readLast(aStream())).rejects.toMatchObject(REFUSED);
    expect(double.events()).toStrictEqual([]);
  });
});

const codes = [
  status.CANCELLED,
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.INTERNAL,
  status.UNAVAILABLE,
];

const KINDS: readonly Fault[] = [
  { kind: 'hang' },
  { kind: 'lostAnswer' },
  { kind: 'slow', milliseconds: 20 },
  { kind: 'notLeader' },
  ...codes.map((code) => ({ kind: 'fail' as const, code })),
  ...codes.map((code) => ({ kind: 'failAfter' as const, code })),
  ...codes.map((code) => ({ kind: 'breakOff' as const, after: 3, code })),
];

/** Retries refused calls until one succeeds; any other failure is an error. */
const insist = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      expect(error).toMatchObject(REFUSED);
    }
  }
};

/** Appends and reads back, one after the other. @returns acknowledged events */
const workOn = async (client: EventStoreDbClient, rounds: number): Promise<readonly string[]> => {
  const stream = aStream();
  const acknowledged: string[] = [];
  for (const [n, event] of countedTo(rounds).entries()) {
    const expected = n === 0 ? 'none' : BigInt(n - 1);
    await insist(() => client.append(stream, expected, [event]));
    acknowledged.push(event.id);
    const stored = await insist(() => client.readStream(stream, 0n));
    expect(idsOf(stored)).toStrictEqual(acknowledged);
  }
  return acknowledged;
};

describe('a store that fails at random', () => {
  it.each([1, 2, 3])('neither loses nor duplicates events, seed %i', async (seed) => {
    const double = await open({ nodes: seed === 3 ? 3 : 1 });
    const following = startFollowing(double.connect(SHORT_TIMEOUT_OPTIONS));
    double.faults.randomly({
      seed,
      probability: 0.25,
      methods: ['append', 'readStream', 'readAll', 'subscribe', 'gossip'],
      kinds: KINDS,
    });
    const clients = [double.connect(SHORT_TIMEOUT_OPTIONS), double.connect(SHORT_TIMEOUT_OPTIONS)];
    const work = clients.flatMap((client) => [1, 2, 3, 4].map(() => workOn(client, 12)));
    const done = (await Promise.all(work)).flat();
    double.faults.clear();
    const stored = double.events().map(({ eventId }) => eventId);
    expect([...stored].sort()).toStrictEqual([...done].sort());
    await following.hasDelivered(stored.length);
    expect(idsOf(following.delivered)).toStrictEqual(stored);
    await following.stop();
    const suffered = Object.values(double.faults.injectedFaults()).reduce((a, b) => a + b, 0);
    expect(suffered).toBeGreaterThan(20);
  });
});
