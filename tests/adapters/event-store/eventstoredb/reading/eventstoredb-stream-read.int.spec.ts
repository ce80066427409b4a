import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type EventStore,
  noStream,
  type StreamId,
  streamName,
} from '../../../../../src/application/kernel/event-store.ts';
import {
  appendTo,
  householdCreated,
  ids,
  newStream,
  registration,
  shapes,
  startOf,
} from '../../../../support/event-log/event-store-fixtures.ts';
import {
  type OpenTestEventStoreDb,
  openTestEventStoreDb,
  randomPrefix,
} from '../../../../support/event-log/eventstoredb-event-store.ts';
import { killedAfter } from '../../../../support/event-log/interrupted-transactions.ts';

type Row = Readonly<{ revision: string; chain: string; snapshot: unknown }>;

const VERSION = 3;
const STATE = { status: 'existing', name: 'b', members: { user_ann: 'owner' } };
const snapshot = { version: VERSION, state: STATE };
const FORGED = 'f'.repeat(64);

let opened: OpenTestEventStoreDb;
let prefix: string;
let store: EventStore;
beforeAll(async () => {
  opened = await openTestEventStoreDb();
});
afterAll(() => opened?.close());
beforeEach(() => {
  prefix = randomPrefix();
  store = opened.openStore({ prefix }).store;
});

const rowOf = async (stream: StreamId): Promise<Row | undefined> => {
  const text = 'SELECT revision, chain, snapshot FROM streams WHERE stream_id = $1';
  const [row] = await opened.database.query<Row>({ text, values: [streamName(stream)] });
  return row;
};

/** Changes the database's view of a stream. */
const change = (stream: StreamId, assignments: string) =>
  opened.database.query({
    text: `UPDATE streams SET ${assignments} WHERE stream_id = $1`,
    values: [streamName(stream)],
  });

const readsOf = async <Result>(work: () => Promise<Result>) => {
  const before = opened.double.calls().readStream ?? 0;
  const result = await work();
  return { result, reads: (opened.double.calls().readStream ?? 0) - before };
};

const [a, b, c] = [householdCreated('a'), householdCreated('b'), householdCreated('c')];

describe('a stream whose last event has a snapshot', () => {
  let stream: StreamId;
  beforeEach(async () => {
    stream = newStream();
    await store.append([{ ...startOf(stream, a, b), snapshot }]);
  });

  it('is read without its events', async () => {
    const { result, reads } = await readsOf(() => store.read(stream, VERSION));
    expect(result).toMatchObject({ head: { revision: 1n }, snapshot: STATE, events: [] });
    expect(reads).toBe(1);
  });

  it('accepts an append after the read', async () => {
    const { head } = await store.read(stream, VERSION);
    await store.append([{ stream, expected: head, events: [c] }]);
    const { events, firstBroken } = await store.readStream(stream);
    expect(ids(events)).toStrictEqual(ids([a, b, c]));
    expect(firstBroken).toBeUndefined();
    const { result, reads } = await readsOf(() => store.read(stream, VERSION));
    expect(result).toMatchObject({ head: { revision: 2n }, snapshot: STATE, events: [c.event] });
    expect(reads).toBe(2);
  });

  it('is read as a whole for another snapshot version', async () => {
    const history = await store.read(stream, VERSION + 1);
    expect(history).toMatchObject({
      head: { revision: 1n },
      snapshot: undefined,
      events: shapes([a, b]),
    });
  });

  it('is read with the snapshot although aborted events follow', async () => {
    const { head } = await store.read(stream, VERSION);
    const dying = opened.openStore({ prefix, through: killedAfter(2) }).store;
    const append = { stream, expected: head, events: [c] };
    await expect(
      dying.append([append, startOf(newStream(), householdCreated('d'))]),
    ).rejects.toThrow();
    const reader = opened.openStore({ prefix, outcomeTimeout: 20 }).store;
    const history = await reader.read(stream, VERSION);
    expect(history).toMatchObject({ head: { revision: 1n }, snapshot: STATE, events: [] });
    await reader.append([{ stream, expected: history.head, events: [c] }]);
    expect(ids((await reader.readStream(stream)).events)).toStrictEqual(ids([a, b, c]));
  });
});

describe('a stream with events that the database lacks', () => {
  let stream: StreamId;
  const fallBehind = async (occurredAt: string) => {
    stream = newStream();
    await store.append([{ ...startOf(stream, a), snapshot }]);
    const row = await rowOf(stream);
    const late = [b, c].map((event) => ({
      ...event,
      metadata: { ...event.metadata, occurredAt },
    }));
    await appendTo(store, stream, ...late);
    await change(stream, `revision = 0, chain = '${row?.chain}'`);
  };

  it('is read to its end, and the tables catch up', async () => {
    await fallBehind(new Date(Date.now() - 5_000).toISOString());
    const history = await store.read(stream, VERSION);
    expect(history).toMatchObject({
      head: { revision: 2n },
      snapshot: STATE,
      events: shapes([b, c]),
    });
    const { events } = await store.readStream(stream);
    const row = await rowOf(stream);
    expect(row).toMatchObject({ revision: '2', chain: events[2]?.metadata.chain });
  });

  it('is left to its writer when the last event is recent', async () => {
    await fallBehind(new Date(Date.now() + 60_000).toISOString());
    expect(await store.read(stream, VERSION)).toMatchObject({
      head: { revision: 2n },
      events: shapes([b, c]),
    });
    expect(await rowOf(stream)).toMatchObject({ revision: '0' });
  });

  it('accepts an append, after which the tables have caught up', async () => {
    await fallBehind(new Date(Date.now() + 60_000).toISOString());
    const next = householdCreated('next');
    await appendTo(store, stream, next);
    expect(ids((await store.readStream(stream)).events)).toStrictEqual(ids([a, b, c, next]));
    expect(await rowOf(stream)).toMatchObject({ revision: '3' });
  });
});

describe('a stream with fewer events than the database shows', () => {
  it.each([1, 6])('ends where the store says, with a snapshot at %i', async (revision) => {
    const stream = newStream();
    await store.append([{ ...startOf(stream, a, b), snapshot }]);
    await change(stream, `revision = 6, chain = '${FORGED}', snapshot_revision = ${revision}`);
    const history = await store.read(stream, VERSION);
    expect(history).toMatchObject({
      head: { revision: 1n },
      snapshot: undefined,
      events: shapes([a, b]),
    });
    await store.append([{ stream, expected: history.head, events: [c] }]);
    const { events, firstBroken } = await store.readStream(stream);
    expect(ids(events)).toStrictEqual(ids([a, b, c]));
    expect(firstBroken).toBeUndefined();
  });

  it('is empty when the store has no such stream', async () => {
    const stream = newStream();
    await store.append([{ ...startOf(stream, a, b), snapshot }]);
    const elsewhere = opened.openStore({ prefix: randomPrefix() }).store;
    const history = await elsewhere.read(stream, VERSION);
    expect(history).toStrictEqual({ head: noStream, snapshot: undefined, events: [] });
  });
});

describe('a stream whose head in the database has diverged', () => {
  it.each([
    ['at the end', 1],
    ['before it', 0],
  ])(
    'is read as a whole, and the database’s head is repaired, with a snapshot %s',
    async (_where, at) => {
      const stream = newStream();
      await store.append([{ ...startOf(stream, a, b), snapshot }]);
      const row = await rowOf(stream);
      await change(stream, `chain = '${FORGED}', snapshot_revision = ${at}`);
      const history = await store.read(stream, VERSION);
      expect(history).toMatchObject({
        head: { revision: 1n },
        snapshot: undefined,
        events: shapes([a, b]),
      });
      expect(await rowOf(stream)).toStrictEqual({
        revision: '1',
        chain: row?.chain,
        snapshot: null,
      });
      const { head } = await store.read(stream, VERSION);
      await store.append([{ stream, expected: head, events: [c], snapshot }]);
      const { result, reads } = await readsOf(() => store.read(stream, VERSION));
      expect(result).toMatchObject({ head: { revision: 2n }, snapshot: STATE, events: [] });
      expect(reads).toBe(1);
    },
  );
});

describe('a stream with personal data', () => {
  it('is read and appended to with the user’s data key, although the database has lost its row', async () => {
    const [stream, first, second] = [newStream('user'), registration(), registration()];
    await store.append([startOf(stream, first)]);
    await opened.database.query({
      text: 'DELETE FROM streams WHERE stream_id = $1',
      values: [streamName(stream)],
    });
    const reader = opened.openStore({ prefix }).store;
    const { head, events } = await reader.read(stream, 0);
    expect(events).toStrictEqual([first.event]);
    await reader.append([{ stream, expected: head, events: [second] }]);
    expect(shapes((await store.readStream(stream)).events)).toStrictEqual(shapes([first, second]));
    expect(await rowOf(stream)).toMatchObject({ revision: '1' });
  });

  it('reads as tombstones once the data key is destroyed', async () => {
    const [stream, event] = [newStream('user'), registration()];
    await store.append([startOf(stream, event)]);
    await opened.database.query({ text: 'DELETE FROM subject_keys' });
    const reader = opened.openStore({ prefix }).store;
    const history = await reader.read(stream, 0);
    expect(history.head.revision).toBe(0n);
    expect(JSON.stringify(history.events)).toContain('[erased]');
    expect(history.events).not.toStrictEqual([event.event]);
    expect((await reader.readStream(stream)).firstBroken).toBeUndefined();
  });
});
