import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventStoreDbClient } from '../../../../src/adapters/event-store/eventstoredb/client/eventstoredb-client.ts';
import {
  type EventStore,
  noStream,
  RevisionConflict,
  type StreamAppend,
  type StreamId,
} from '../../../../src/application/kernel/event-store.ts';
import {
  appendTo,
  collect,
  householdCreated,
  ids,
  newStream,
  registration,
  startOf,
  takeFrom,
} from '../../../support/event-log/event-store-fixtures.ts';
import {
  type OpenTestEventStoreDb,
  openTestEventStoreDb,
  randomPrefix,
} from '../../../support/event-log/eventstoredb-event-store.ts';
import {
  haltedBeforeOutcome,
  killedAfter,
} from '../../../support/event-log/interrupted-transactions.ts';

const OUTCOME_TIMEOUT_MS = 150;

let opened: OpenTestEventStoreDb;
let prefix: string;
let store: EventStore;
beforeAll(async () => {
  opened = await openTestEventStoreDb();
});
afterAll(() => opened?.close());
beforeEach(() => {
  prefix = randomPrefix();
  store = storeThrough((client) => client);
});

const storeThrough = (through: (client: EventStoreDbClient) => EventStoreDbClient): EventStore =>
  opened.openStore({ prefix, through, outcomeTimeout: OUTCOME_TIMEOUT_MS }).store;

const storedTypes = (stream: StreamId) =>
  opened.double
    .events()
    .filter((event) => event.stream === `${prefix}${stream.category}-${stream.id}`)
    .map(({ eventId }) => eventId);

const outcomes = () =>
  opened.double
    .events()
    .filter(({ stream }) => stream.startsWith(`${prefix}transaction-`))
    .map(({ type }) => type);

/** One event each for a user and two households, the second of which has an event already. */
const threeStreams = async () => {
  const [user, fresh, begun] = [newStream('user'), newStream(), newStream()];
  const first = householdCreated('first');
  await store.append([startOf(begun, first)]);
  const { head } = await store.read(begun, 0);
  const appends: readonly StreamAppend[] = [
    startOf(user, registration()),
    startOf(fresh, householdCreated('fresh')),
    {
      stream: begun,
      expected: head,
      events: [householdCreated('second'), householdCreated('third')],
    },
  ];
  return { user, fresh, begun, first, appends };
};

const expectNothingOf = async (
  { user, fresh, begun, first }: Awaited<ReturnType<typeof threeStreams>>,
  reader: EventStore,
) => {
  for (const stream of [user, fresh]) {
    expect(await reader.readStream(stream)).toStrictEqual({ events: [], firstBroken: undefined });
    const history = await reader.read(stream, 0);
    expect(history).toMatchObject({ head: noStream, snapshot: undefined, events: [] });
  }
  const record = await reader.readStream(begun);
  expect(ids(record.events)).toStrictEqual([first.eventId]);
  expect(record.firstBroken).toBeUndefined();
  expect(await reader.read(begun, 0)).toMatchObject({ head: { revision: 0n }, events: [{}] });
};

describe.each([1, 2, 3])('a process that was killed after %i of three parts', (parts) => {
  it('leaves no event that a reader sees', async () => {
    const streams = await threeStreams();
    const dying = storeThrough(killedAfter(parts));
    await expect(dying.append(streams.appends)).rejects.toThrow('killed');
    await expectNothingOf(streams, store);
    expect(ids(await collect(store.readAll()))).toStrictEqual([streams.first.eventId]);
    const later = householdCreated('later');
    await store.append([startOf(newStream(), later)]);
    expect(ids(await takeFrom(store, 2))).toStrictEqual([streams.first.eventId, later.eventId]);
    expect(outcomes()).toStrictEqual(['TransactionAborted']);
    await expectNothingOf(
      streams,
      storeThrough((client) => client),
    );
  });

  it('does not block appends of other processes', async () => {
    const { user, fresh, begun, appends } = await threeStreams();
    await expect(storeThrough(killedAfter(parts)).append(appends)).rejects.toThrow('killed');
    const [welcome, single] = [registration(), householdCreated('single')];
    await store.append([startOf(user, welcome)]);
    await appendTo(store, begun, single);
    const { head } = await store.read(begun, 0);
    const together = [householdCreated('a'), householdCreated('b')];
    const [a, b] = together;
    if (a === undefined || b === undefined) throw new TypeError('there are two');
    await store.append([startOf(fresh, a), { stream: begun, expected: head, events: [b] }]);
    for (const [stream, revisions] of [
      [user, [0n]],
      [fresh, [0n]],
      [begun, [0n, 1n, 2n]],
    ] as const) {
      const { events, firstBroken } = await store.readStream(stream);
      expect(events.map(({ revision }) => revision)).toStrictEqual(revisions);
      expect(firstBroken).toBeUndefined();
    }
    const log = await collect(store.readAll());
    expect(ids(log).slice(1)).toStrictEqual(ids([welcome, single, a, b]));
  });

  it('lets another process repeat its append', async () => {
    const { appends, first } = await threeStreams();
    await expect(storeThrough(killedAfter(parts)).append(appends)).rejects.toThrow('killed');
    await store.append(appends);
    await store.append(appends);
    const log = await collect(store.readAll());
    expect(ids(log)).toStrictEqual([
      first.eventId,
      ...appends.flatMap(({ events }) => ids(events)),
    ]);
    for (const { stream } of appends) {
      expect((await store.readStream(stream)).firstBroken).toBeUndefined();
    }
  });
});

describe('a process that pauses before it writes the outcome of its transaction', () => {
  it('finds its transaction aborted by a reader, and retries', async () => {
    const streams = await threeStreams();
    const halting = haltedBeforeOutcome();
    const appending = storeThrough(halting.through).append(streams.appends);
    await halting.halted;
    await expectNothingOf(streams, store);
    halting.goOn();
    await appending;
    expect(outcomes()).toStrictEqual(['TransactionAborted', 'TransactionCommitted']);
    expect(storedTypes(streams.fresh)).toHaveLength(2);
    for (const { stream, events } of streams.appends) {
      const record = await store.readStream(stream);
      expect(ids(record.events).slice(-events.length)).toStrictEqual(ids(events));
      expect(record.firstBroken).toBeUndefined();
    }
  });

  it('is refused when another process has appended meanwhile', async () => {
    const { begun, first, fresh, appends } = await threeStreams();
    const halting = haltedBeforeOutcome();
    const appending = storeThrough(halting.through).append(appends);
    await halting.halted;
    const next = householdCreated('next');
    await appendTo(store, begun, next);
    halting.goOn();
    await expect(appending).rejects.toThrow(RevisionConflict);
    expect(ids((await store.readStream(begun)).events)).toStrictEqual(ids([first, next]));
    expect((await store.readStream(fresh)).events).toStrictEqual([]);
    expect(ids(await collect(store.readAll()))).toStrictEqual(ids([first, next]));
  });

  it('commits while a reader still waits for the outcome', async () => {
    const { appends } = await threeStreams();
    const halting = haltedBeforeOutcome();
    const appending = storeThrough(halting.through).append(appends);
    await halting.halted;
    const waitingReader = opened.openStore({ prefix, outcomeTimeout: 30_000 }).store;
    const reading = Promise.all(appends.map(({ stream }) => waitingReader.readStream(stream)));
    halting.goOn();
    await appending;
    for (const [i, { events }] of (await reading).entries()) {
      const expected = ids(appends[i]?.events ?? []);
      expect(ids(events).slice(-expected.length)).toStrictEqual(expected);
    }
    expect(outcomes()).toStrictEqual(['TransactionCommitted']);
  });
});
