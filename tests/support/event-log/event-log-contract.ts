import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  EventStore,
  RecordedEvent,
  StreamId,
} from '../../../src/application/kernel/event-store.ts';
import {
  appendTo,
  collect,
  householdCreated,
  ids,
  newStream,
  type OpenedEventStore,
  registration,
  startOf,
  takeFrom,
} from './event-store-fixtures.ts';

/** A stream read need not report log positions. */
const withoutPosition = ({ position: _, ...event }: RecordedEvent) => event;

/** The contract of every event store for reading and following its log. */
export const describeEventLog = (name: string, open: () => Promise<OpenedEventStore>): void => {
  let opened: OpenedEventStore;
  let store: EventStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened?.close());

  /** Reads the log once it has `count` events: an adapter may withhold some for a moment. */
  const wholeLog = (count: number): Promise<readonly RecordedEvent[]> =>
    vi.waitFor(
      async () => {
        const log = await collect(store.readAll());
        expect(log).toHaveLength(count);
        return log;
      },
      { timeout: 10_000 },
    );

  /** Appends ten events, one after the other, to streams of two categories. @returns their ids */
  const fillLog = async (): Promise<readonly string[]> => {
    const [user, first, second] = [newStream('user'), newStream(), newStream()];
    const event = registration();
    await store.append([
      startOf(user, event),
      startOf(first, householdCreated('0'), householdCreated('1')),
    ]);
    const [start, ...rest] = Array.from({ length: 7 }, (_, i) => householdCreated(`${i + 2}`));
    const log = await wholeLog(3);
    if (start === undefined) throw new TypeError('there are seven events');
    await store.append([startOf(second, start)]);
    for (const [i, next] of rest.entries()) await appendTo(store, i % 2 ? first : second, next);
    return [...ids(log), ...ids([start, ...rest])];
  };

  describe(`${name}: the log`, () => {
    it('is empty at first', async () => {
      expect(await collect(store.readAll())).toStrictEqual([]);
    });

    it('holds every event of every stream in commit order', async () => {
      const committed = await fillLog();
      expect(ids(await wholeLog(10))).toStrictEqual(committed);
    });

    it('returns each event as its stream does', async () => {
      await fillLog();
      const log = await wholeLog(10);
      const streams = new Map<string, StreamId>(log.map(({ stream }) => [stream.id, stream]));
      for (const stream of streams.values()) {
        const { events } = await store.readStream(stream);
        expect(
          log.filter((event) => event.stream.id === stream.id).map(withoutPosition),
        ).toStrictEqual(events.map(withoutPosition));
      }
    });

    it('is read from any position', async () => {
      await fillLog();
      const log = await wholeLog(10);
      for (const [i, { position }] of log.entries()) {
        expect(await collect(store.readAll(position))).toStrictEqual(log.slice(i + 1));
      }
    });

    it('has positions that sort as text', async () => {
      await fillLog();
      const positions = (await wholeLog(10)).map(({ position }) => position);
      expect(new Set(positions).size).toBe(10);
      expect([...positions].sort()).toStrictEqual(positions);
    });

    it('is complete at any length', async () => {
      const appends = Array.from({ length: 5 }, (_, i) =>
        startOf(
          newStream(),
          ...Array.from({ length: 500 }, (_, j) => householdCreated(`${i}.${j}`)),
        ),
      );
      for (const append of appends) await store.append([append]);
      const log = await wholeLog(2_500);
      expect(ids(log)).toStrictEqual(appends.flatMap(({ events }) => ids(events)));
    });
  });

  describe(`${name}: a subscription`, () => {
    it('delivers existing events and then new ones', async () => {
      const committed = await fillLog();
      const later = householdCreated('later');
      const subscribed = takeFrom(store, 11);
      await wholeLog(10);
      await store.append([startOf(newStream(), later)]);
      expect(ids(await subscribed)).toStrictEqual([...committed, later.eventId]);
    });

    it('delivers the log without gaps and repeats during parallel appends', async () => {
      const subscribed = takeFrom(store, 200);
      const writers = Array.from({ length: 10 }, async (_, writer) => {
        const stream = newStream();
        await store.append([startOf(stream, householdCreated(`${writer}.0`))]);
        for (let n = 1; n < 20; n += 1)
          await appendTo(store, stream, householdCreated(`${writer}.${n}`));
      });
      await Promise.all(writers);
      const delivered = await subscribed;
      expect(new Set(ids(delivered)).size).toBe(200);
      expect(delivered).toStrictEqual(await wholeLog(200));
      for (const { id } of new Set(delivered.map(({ stream }) => stream))) {
        const revisions = delivered.filter(({ stream }) => stream.id === id);
        expect(revisions.map(({ revision }) => Number(revision))).toStrictEqual(
          Array.from({ length: 20 }, (_, n) => n),
        );
      }
    });

    it('starts after any position', async () => {
      await fillLog();
      const log = await wholeLog(10);
      for (const [i, { position }] of log.slice(0, -1).entries()) {
        expect(await takeFrom(store, 9 - i, position)).toStrictEqual(log.slice(i + 1));
      }
      const next = householdCreated('next');
      const subscribed = takeFrom(store, 1, log.at(-1)?.position);
      await store.append([startOf(newStream(), next)]);
      expect(ids(await subscribed)).toStrictEqual([next.eventId]);
    });

    it('delivers the wanted categories only', async () => {
      await fillLog();
      const log = await wholeLog(10);
      const users = log.filter(({ stream }) => stream.category === 'user');
      const households = log.filter(({ stream }) => stream.category === 'household');
      expect([users.length, households.length]).toStrictEqual([1, 9]);
      const late = registration();
      const subscribed = takeFrom(store, 2, undefined, { categories: ['user', 'tokenFamily'] });
      expect(await takeFrom(store, 9, undefined, { categories: ['household'] })).toStrictEqual(
        households,
      );
      await store.append([startOf(newStream(), householdCreated('not wanted'))]);
      await store.append([startOf(newStream('user'), late)]);
      expect(ids(await subscribed)).toStrictEqual([...ids(users), late.eventId]);
    });

    it('ends when it is aborted while it waits', async () => {
      await fillLog();
      const stop = new AbortController();
      const received: string[] = [];
      const subscribed = (async () => {
        for await (const { eventId } of store.subscribe(undefined, {}, stop.signal)) {
          received.push(eventId);
        }
      })();
      await vi.waitFor(() => expect(received).toHaveLength(10), { timeout: 10_000 });
      stop.abort();
      await subscribed;
      expect(received).toHaveLength(10);
    });

    it('delivers nothing after it was aborted', async () => {
      await fillLog();
      await wholeLog(10);
      expect(await collect(store.subscribe(undefined, {}, AbortSignal.abort()))).toStrictEqual([]);
      expect(await takeFrom(store, 4)).toHaveLength(4);
    });
  });
};
