import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type EventStore,
  noStream,
  RevisionConflict,
  type StreamId,
} from '../../../../../src/application/kernel/event-store.ts';
import {
  collect,
  householdCreated,
  ids,
  newStream,
  registration,
  startOf,
} from '../../../../support/event-log/event-store-fixtures.ts';
import {
  type OpenTestEventStoreDb,
  openTestEventStoreDb,
  randomPrefix,
  SHORT_TIMEOUTS,
} from '../../../../support/event-log/eventstoredb-event-store.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';

let opened: OpenTestEventStoreDb;
let prefix: string;
let store: EventStore;
beforeAll(async () => {
  opened = await openTestEventStoreDb();
});
afterAll(async () => {
  await eventually(() => opened.double.openCalls() === 0, 'all calls are over');
  await opened.close();
});
beforeEach(() => {
  prefix = randomPrefix();
  store = opened.openStore({ prefix }).store;
});
afterEach(() => opened.double.faults.clear());

const begin = async (count: number): Promise<readonly StreamId[]> => {
  const streams = Array.from({ length: count }, () => newStream());
  for (const [i, stream] of streams.entries()) {
    await store.append([
      startOf(stream, ...[householdCreated('0'), householdCreated('1')].slice(0, (i % 2) + 1)),
    ]);
  }
  return streams;
};

/** One event for each stream, after its existing ones. */
const nextOf = (streams: readonly StreamId[], name: string) =>
  Promise.all(
    streams.map(async (stream) => {
      const { head } = await store.read(stream, 0);
      return { stream, expected: head, events: [householdCreated(name)] };
    }),
  );

/** The same streams in another order for each `turn`. */
const turned = <Item>(items: readonly Item[], turn: number): readonly Item[] => {
  const shift = turn % items.length;
  const moved = [...items.slice(shift), ...items.slice(0, shift)];
  return turn % 2 === 0 ? moved : moved.reverse();
};

const stored = () => opened.double.events().filter(({ stream }) => stream.startsWith(prefix));
const typesIn = (category: string) =>
  stored().flatMap(({ stream, type }) => (stream.startsWith(`${prefix}${category}-`) ? type : []));

describe('appends to the same streams at the same time', () => {
  it.each([2, 4, 7])(
    'succeed for one of twenty processes on %i existing streams',
    async (count) => {
      const streams = await begin(count);
      const before = await collect(store.readAll());
      const heads = await nextOf(streams, '');
      const appends = Array.from({ length: 20 }, (_, i) =>
        turned(heads, i).map((head) => ({ ...head, events: [householdCreated(`${i}`)] })),
      );
      const stores = appends.map(() => opened.openStore({ prefix }).store);
      const settled = await Promise.allSettled(
        appends.map(async (append, i) => stores[i]?.append(append)),
      );
      const winners = appends.filter((_, i) => settled[i]?.status === 'fulfilled');
      const losers = settled.filter((result) => result.status === 'rejected');
      expect(winners).toHaveLength(1);
      for (const { reason } of losers) expect(reason).toBeInstanceOf(RevisionConflict);
      const after = await collect(store.readAll());
      expect(ids(after.slice(before.length)).toSorted()).toStrictEqual(
        ids(winners.flat().flatMap(({ events }) => events)).toSorted(),
      );
      for (const stream of streams) {
        expect((await store.readStream(stream)).firstBroken).toBeUndefined();
      }
    },
  );

  it('all succeed when they have no stream in common', async () => {
    const streams = await begin(12);
    const attempts = [0, 3, 6, 9].map(async (i) =>
      store.append(await nextOf(streams.slice(i, i + 3), `${i}`)),
    );
    await Promise.all(attempts);
    for (const stream of streams) {
      expect((await store.readStream(stream)).events.at(-1)).toMatchObject({
        event: { type: 'HouseholdCreated' },
      });
    }
    expect(typesIn('transaction')).toStrictEqual(Array(4).fill('TransactionCommitted'));
  });
});

describe('an append to several streams', () => {
  it('that is repeated succeeds and writes nothing', async () => {
    const appends = [
      ...(await nextOf(await begin(3), 'a')),
      startOf(newStream(), householdCreated('b')),
    ];
    await store.append(appends);
    const written = stored().length;
    await store.append(appends);
    await opened.openStore({ prefix }).store.append(appends);
    expect(stored()).toHaveLength(written);
  });

  it('that is repeated after later appends succeeds and writes nothing', async () => {
    const streams = await begin(2);
    const appends = await nextOf(streams, 'a');
    await store.append(appends);
    await store.append(await nextOf(streams, 'b'));
    const written = stored().length;
    await store.append(appends);
    expect(stored()).toHaveLength(written);
  });

  it('succeeds for each of many at the same time, and is written once', async () => {
    const appends = await nextOf(await begin(3), 'a');
    const before = await collect(store.readAll());
    await Promise.all(Array.from({ length: 10 }, () => store.append(appends)));
    const after = await collect(store.readAll());
    expect(ids(after.slice(before.length)).toSorted()).toStrictEqual(
      ids(appends.flatMap(({ events }) => events)).toSorted(),
    );
  });

  it('is refused when one of its events is already stored elsewhere', async () => {
    const [one, other] = await nextOf(await begin(2), 'a');
    if (one === undefined || other === undefined) throw new TypeError('there are two');
    await store.append([one]);
    await expect(store.append([one, other])).rejects.toThrow(RevisionConflict);
    expect((await store.readStream(other.stream)).events).toHaveLength(2);
  });

  it('writes the streams category by category', async () => {
    const [user, ...households] = [newStream('user'), newStream(), newStream(), newStream()];
    if (user === undefined) throw new TypeError('there is one');
    const starts = households.map((stream) => startOf(stream, householdCreated('a')));
    await store.append([startOf(user, registration()), ...starts]);
    const log = await collect(store.readAll());
    expect(log[0]?.stream).toStrictEqual(user);
    expect(log).toHaveLength(4);
  });

  it('reads its outcome once', async () => {
    const streams = await begin(3);
    await store.append(await nextOf(streams, 'a'));
    const reader = opened.openStore({ prefix }).store;
    const looked = () => opened.double.calls().readStream ?? 0;
    const start = looked();
    for (const stream of streams) await reader.readStream(stream);
    const first = looked() - start;
    for (const stream of streams) await reader.readStream(stream);
    expect([first, looked() - start - first]).toStrictEqual([4, 3]);
  });
});

describe('an append to several streams with a transient failure', () => {
  it.each([
    ['refused', { kind: 'fail', code: status.UNAVAILABLE }],
    ['stored and refused', { kind: 'failAfter', code: status.UNAVAILABLE }],
    ['stored and not answered', { kind: 'lostAnswer' }],
    ['not answered', { kind: 'hang' }],
  ] as const)('is stored once: %s', async (_what, fault) => {
    const impatient = opened.openStore({ prefix, timeouts: SHORT_TIMEOUTS }).store;
    const appends = [
      ...(await nextOf(await begin(2), 'a')),
      startOf(newStream(), householdCreated('b')),
    ];
    const before = stored().length;
    opened.double.faults.next('append', fault, 4); // three parts and the outcome
    await impatient.append(appends);
    expect(stored()).toHaveLength(before + 4);
    expect(typesIn('transaction')).toStrictEqual(['TransactionCommitted']);
  });

  it('is aborted when the store does not accept it in time', async () => {
    const impatient = opened.openStore({
      prefix,
      timeouts: SHORT_TIMEOUTS,
      outcomeTimeout: 50,
    }).store;
    const [fresh, streams] = [newStream(), await begin(2)];
    const appends = [...(await nextOf(streams, 'a')), startOf(fresh, householdCreated('b'))];
    opened.double.faults.always('append', { kind: 'fail', code: status.UNAVAILABLE });
    await expect(impatient.append(appends)).rejects.toMatchObject({ code: 'service_unavailable' });
    opened.double.faults.clear();
    expect(await store.read(fresh, 0)).toMatchObject({ head: noStream });
    await store.append(appends);
    expect((await store.readStream(fresh)).events).toHaveLength(1);
  });
});
