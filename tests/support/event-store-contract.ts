import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type EventStore,
  noStream,
  RevisionConflict,
} from '../../src/application/ports/event-store.ts';
import {
  appendTo,
  collect,
  founded,
  newStream,
  registration,
  shapes,
  startOf,
} from './event-store-fixtures.ts';

const DEADLINE = { timeout: 10_000 };

export type OpenedEventStore = Readonly<{ store: EventStore; close(): Promise<void> }>;

const outcomes = async (attempts: readonly Promise<void>[]) => {
  const settled = await Promise.allSettled(attempts);
  return {
    won: settled.filter(({ status }) => status === 'fulfilled').length,
    conflicts: settled.filter(
      (result) => result.status === 'rejected' && result.reason instanceof RevisionConflict,
    ).length,
  };
};

/** What every event store promises: run against each adapter and against the fake. */
export const describeEventStore = (name: string, open: () => Promise<OpenedEventStore>): void => {
  let opened: OpenedEventStore;
  let store: EventStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened?.close());

  /** Waits for it: an adapter may hold back what others could overtake. */
  const expectLogOf = (count: number): Promise<void> =>
    vi.waitFor(async () => expect(await collect(store.readAll())).toHaveLength(count), DEADLINE);

  const readEvents = async (stream = newStream()) => (await store.read(stream, 0)).events;

  describe(`${name}: one stream`, () => {
    it('is empty while nobody has written to it', async () => {
      const stream = newStream();
      expect(await store.read(stream, 1)).toStrictEqual({
        head: noStream,
        snapshot: undefined,
        events: [],
      });
      expect(await store.readStream(stream)).toStrictEqual({ events: [], firstBroken: undefined });
    });

    it('gives back its events in the order they were appended', async () => {
      const stream = newStream();
      const events = ['a', 'b', 'c', 'd'].map(founded);
      await store.append([startOf(stream, ...events.slice(0, 2))]);
      await appendTo(store, stream, ...events.slice(2));
      const history = await store.read(stream, 0);
      expect(history.events).toStrictEqual(shapes(events));
      expect(history.head.revision).toBe(3n);
    });

    it('gives back personal data as it was', async () => {
      const stream = newStream('user');
      const event = registration();
      await store.append([startOf(stream, event)]);
      expect(await readEvents(stream)).toStrictEqual([event.event]);
    });

    it('is told whole, with the place and the chain of every event', async () => {
      const stream = newStream();
      const events = ['a', 'b', 'c'].map(founded);
      await store.append([startOf(stream, ...events.slice(0, 2))]);
      await appendTo(store, stream, ...events.slice(2));
      const record = await store.readStream(stream);
      expect(record).toStrictEqual({
        events: events.map((event, i) => ({
          ...event,
          stream,
          revision: BigInt(i),
          position: expect.any(String),
          metadata: { ...event.metadata, chain: expect.stringMatching(/^[0-9a-f]{64}$/) },
        })),
        firstBroken: undefined,
      });
      expect(new Set(record.events.map(({ metadata }) => metadata.chain)).size).toBe(3);
    });

    it('refuses an append without events', async () => {
      await expect(store.append([])).rejects.toThrow(TypeError);
      await expect(store.append([startOf(newStream())])).rejects.toThrow(TypeError);
    });
  });

  describe(`${name}: a snapshot`, () => {
    const state = { status: 'existing', name: 'b', members: { user_ann: 'owner' } };
    const [a, b, c] = [founded('a'), founded('b'), founded('c')];
    const stream = newStream();
    beforeEach(() => store.append([{ ...startOf(stream, a, b), snapshot: { version: 3, state } }]));

    it('takes the place of the events it covers', async () => {
      const history = await store.read(stream, 3);
      expect(history).toMatchObject({ head: { revision: 1n }, snapshot: state, events: [] });
    });

    it('is followed by the events after it', async () => {
      await appendTo(store, stream, c);
      const history = await store.read(stream, 3);
      expect(history).toMatchObject({ snapshot: state, events: [c.event] });
    });

    it.each([2, 4])('of another version than %i is ignored', async (version) => {
      const history = await store.read(stream, version);
      expect(history).toMatchObject({ snapshot: undefined, events: shapes([a, b]) });
    });

    it('gives way to the one of the next append', async () => {
      const { head } = await store.read(stream, 3);
      const later = { ...state, name: 'c' };
      await store.append([
        { stream, expected: head, events: [c], snapshot: { version: 4, state: later } },
      ]);
      expect(await store.read(stream, 4)).toMatchObject({ snapshot: later, events: [] });
      expect(await store.read(stream, 3)).toMatchObject({
        snapshot: undefined,
        events: shapes([a, b, c]),
      });
    });
  });

  describe(`${name}: appends that race`, () => {
    it('let exactly one start a stream', async () => {
      const stream = newStream();
      const starts = Array.from({ length: 20 }, (_, i) => startOf(stream, founded(`${i}`)));
      expect(await outcomes(starts.map((start) => store.append([start])))).toStrictEqual({
        won: 1,
        conflicts: 19,
      });
      expect(await readEvents(stream)).toHaveLength(1);
    });

    it('let exactly one go on from a revision', async () => {
      const stream = newStream();
      await store.append([startOf(stream, founded('first'))]);
      const { head: expected } = await store.read(stream, 0);
      const attempts = Array.from({ length: 20 }, (_, i) =>
        store.append([{ stream, expected, events: [founded(`${i}`), founded(`${i}`)] }]),
      );
      expect(await outcomes(attempts)).toStrictEqual({ won: 1, conflicts: 19 });
      const { head, events } = await store.read(stream, 0);
      expect(head.revision).toBe(2n);
      expect(events[1]).toStrictEqual(events[2]);
    });

    it('are told apart by a bare revision too', async () => {
      const stream = newStream();
      await store.append([startOf(stream, founded('a'))]);
      const next = (revision: bigint) =>
        store.append([{ stream, expected: { revision }, events: [founded('b')] }]);
      await expect(next(1n)).rejects.toThrow(RevisionConflict);
      await next(0n);
      await expect(next(0n)).rejects.toThrow(RevisionConflict);
      expect(await readEvents(stream)).toHaveLength(2);
      await expect(
        store.append([{ stream: newStream(), expected: { revision: 0n }, events: [founded('c')] }]),
      ).rejects.toThrow(RevisionConflict);
    });
  });

  describe(`${name}: an append that is repeated`, () => {
    it('succeeds and writes nothing', async () => {
      const stream = newStream();
      const first = startOf(stream, founded('a'), founded('b'));
      await store.append([first]);
      await store.append([first]);
      const { head: expected } = await store.read(stream, 0);
      const second = { stream, expected, events: [founded('c')] };
      await store.append([second]);
      await store.append([second]);
      await store.append([first]);
      expect(await readEvents(stream)).toStrictEqual(shapes([...first.events, ...second.events]));
    });

    it('succeeds for several streams', async () => {
      const appends = [founded('a'), founded('b')].map((event) => startOf(newStream(), event));
      await store.append(appends);
      await store.append(appends);
      for (const { stream, events } of appends) {
        expect(await readEvents(stream)).toStrictEqual(shapes(events));
      }
    });

    it('succeeds once for each of many at the same time', async () => {
      const first = startOf(newStream(), founded('a'));
      const attempts = Array.from({ length: 20 }, () => store.append([first]));
      expect(await outcomes(attempts)).toStrictEqual({ won: 20, conflicts: 0 });
      expect(await readEvents(first.stream)).toHaveLength(1);
    });

    it('is refused where its events stand in another place', async () => {
      const [a, b, c] = [founded('a'), founded('b'), founded('c')];
      const [stream, other] = [newStream(), newStream()];
      await store.append([startOf(stream, a, b), startOf(other, c)]);
      const elsewhere = [
        [startOf(newStream(), a)],
        [startOf(newStream(), a, founded('new'))],
        [startOf(stream, b, a)],
        [startOf(stream, a, founded('new'))],
        [startOf(stream, a, b, founded('new'))],
        [startOf(other, a, b), startOf(stream, c)],
        [{ stream, expected: { revision: 0n }, events: [a] }],
        [{ stream, expected: { revision: 1n }, events: [a, b] }],
      ];
      for (const appends of elsewhere) {
        await expect(store.append(appends)).rejects.toThrow(RevisionConflict);
      }
      expect(await readEvents(stream)).toStrictEqual(shapes([a, b]));
      expect(await readEvents(other)).toStrictEqual(shapes([c]));
    });
  });

  describe(`${name}: an append to several streams`, () => {
    it.each(['first', 'last'])('writes to none when the %s has moved on', async (which) => {
      const [moved, fresh] = [newStream(), newStream()];
      await store.append([startOf(moved, founded('a'))]);
      const appends = [startOf(moved, founded('b')), startOf(fresh, founded('c'))];
      const ordered = which === 'first' ? appends : [...appends].reverse();
      await expect(store.append(ordered)).rejects.toThrow(RevisionConflict);
      expect(await readEvents(moved)).toHaveLength(1);
      expect(await store.read(fresh, 0)).toMatchObject({ head: noStream, events: [] });
      await expectLogOf(1);
    });

    it('lets one of many win them all', async () => {
      const streams = [newStream(), newStream(), newStream()];
      const attempts = Array.from({ length: 10 }, (_, i) =>
        store.append(
          (i % 2 === 0 ? streams : [...streams].reverse()).map((stream) =>
            startOf(stream, founded(`${i}`)),
          ),
        ),
      );
      expect(await outcomes(attempts)).toStrictEqual({ won: 1, conflicts: 9 });
      const winners = await Promise.all(streams.map((stream) => readEvents(stream)));
      expect(new Set(winners.flat().map((event) => JSON.stringify(event))).size).toBe(1);
      await expectLogOf(3);
    });
  });
};
