import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type EventStore,
  noStream,
  RevisionConflict,
} from '../../../src/application/kernel/event-store.ts';
import {
  collect,
  householdCreated,
  newStream,
  type OpenedEventStore,
  shapes,
  startOf,
} from './event-store-fixtures.ts';

const DEADLINE = { timeout: 10_000 };

const outcomes = async (attempts: readonly Promise<void>[]) => {
  const settled = await Promise.allSettled(attempts);
  return {
    won: settled.filter(({ status }) => status === 'fulfilled').length,
    conflicts: settled.filter(
      (result) => result.status === 'rejected' && result.reason instanceof RevisionConflict,
    ).length,
  };
};

/** The contract of every event store for concurrent, repeated and multi-stream appends. */
export const describeAppends = (name: string, open: () => Promise<OpenedEventStore>): void => {
  let opened: OpenedEventStore;
  let store: EventStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened?.close());

  /** Waits, because an adapter may withhold events that an older transaction could precede. */
  const expectLogOf = (count: number): Promise<void> =>
    vi.waitFor(async () => expect(await collect(store.readAll())).toHaveLength(count), DEADLINE);

  const readEvents = async (stream = newStream()) => (await store.read(stream, 0)).events;

  describe(`${name}: appends that race`, () => {
    it('let exactly one start a stream', async () => {
      const stream = newStream();
      const starts = Array.from({ length: 20 }, (_, i) =>
        startOf(stream, householdCreated(`${i}`)),
      );
      expect(await outcomes(starts.map((start) => store.append([start])))).toStrictEqual({
        won: 1,
        conflicts: 19,
      });
      expect(await readEvents(stream)).toHaveLength(1);
    });

    it('let exactly one append after a revision', async () => {
      const stream = newStream();
      await store.append([startOf(stream, householdCreated('first'))]);
      const { head: expected } = await store.read(stream, 0);
      const attempts = Array.from({ length: 20 }, (_, i) =>
        store.append([
          { stream, expected, events: [householdCreated(`${i}`), householdCreated(`${i}`)] },
        ]),
      );
      expect(await outcomes(attempts)).toStrictEqual({ won: 1, conflicts: 19 });
      const { head, events } = await store.read(stream, 0);
      expect(head.revision).toBe(2n);
      expect(events[1]).toStrictEqual(events[2]);
    });

    it('are also distinguished by a bare revision', async () => {
      const stream = newStream();
      await store.append([startOf(stream, householdCreated('a'))]);
      const next = (revision: bigint) =>
        store.append([{ stream, expected: { revision }, events: [householdCreated('b')] }]);
      await expect(next(1n)).rejects.toThrow(RevisionConflict);
      await next(0n);
      await expect(next(0n)).rejects.toThrow(RevisionConflict);
      expect(await readEvents(stream)).toHaveLength(2);
      await expect(
        store.append([
          { stream: newStream(), expected: { revision: 0n }, events: [householdCreated('c')] },
        ]),
      ).rejects.toThrow(RevisionConflict);
    });
  });

  describe(`${name}: an append that is repeated`, () => {
    it('succeeds and writes nothing', async () => {
      const stream = newStream();
      const first = startOf(stream, householdCreated('a'), householdCreated('b'));
      await store.append([first]);
      await store.append([first]);
      const { head: expected } = await store.read(stream, 0);
      const second = { stream, expected, events: [householdCreated('c')] };
      await store.append([second]);
      await store.append([second]);
      await store.append([first]);
      expect(await readEvents(stream)).toStrictEqual(shapes([...first.events, ...second.events]));
    });

    it('succeeds for several streams', async () => {
      const appends = [householdCreated('a'), householdCreated('b')].map((event) =>
        startOf(newStream(), event),
      );
      await store.append(appends);
      await store.append(appends);
      for (const { stream, events } of appends) {
        expect(await readEvents(stream)).toStrictEqual(shapes(events));
      }
    });

    it('succeeds for each of many at the same time and is stored once', async () => {
      const first = startOf(newStream(), householdCreated('a'));
      const attempts = Array.from({ length: 20 }, () => store.append([first]));
      expect(await outcomes(attempts)).toStrictEqual({ won: 20, conflicts: 0 });
      expect(await readEvents(first.stream)).toHaveLength(1);
    });

    it('is refused when its events are stored at another revision', async () => {
      const [a, b, c] = [householdCreated('a'), householdCreated('b'), householdCreated('c')];
      const [stream, other] = [newStream(), newStream()];
      await store.append([startOf(stream, a, b), startOf(other, c)]);
      const elsewhere = [
        [startOf(stream, b, a)],
        [startOf(stream, a, householdCreated('new'))],
        [startOf(stream, a, b, householdCreated('new'))],
        [startOf(other, a, b), startOf(stream, c)],
        [{ stream, expected: { revision: 0n }, events: [a] }],
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
      await store.append([startOf(moved, householdCreated('a'))]);
      const appends = [
        startOf(moved, householdCreated('b')),
        startOf(fresh, householdCreated('c')),
      ];
      const ordered = which === 'first' ? appends : [...appends].reverse();
      await expect(store.append(ordered)).rejects.toThrow(RevisionConflict);
      expect(await readEvents(moved)).toHaveLength(1);
      expect(await store.read(fresh, 0)).toMatchObject({ head: noStream, events: [] });
      await expectLogOf(1);
    });

    it('succeeds for exactly one of many at the same time', async () => {
      const streams = [newStream(), newStream(), newStream()];
      const attempts = Array.from({ length: 10 }, (_, i) =>
        store.append(
          (i % 2 === 0 ? streams : [...streams].reverse()).map((stream) =>
            startOf(stream, householdCreated(`${i}`)),
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
