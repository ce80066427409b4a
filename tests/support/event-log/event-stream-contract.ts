import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EventStore, noStream } from '../../../src/application/kernel/event-store.ts';
import {
  appendTo,
  householdCreated,
  newStream,
  type OpenedEventStore,
  registration,
  shapes,
  startOf,
} from './event-store-fixtures.ts';

/** The contract of every event store for one stream and its snapshot. */
export const describeEventStreams = (name: string, open: () => Promise<OpenedEventStore>): void => {
  let opened: OpenedEventStore;
  let store: EventStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened?.close());

  const readEvents = async (stream = newStream()) => (await store.read(stream, 0)).events;

  describe(`${name}: one stream`, () => {
    it('is empty without events', async () => {
      const stream = newStream();
      expect(await store.read(stream, 1)).toStrictEqual({
        head: noStream,
        snapshot: undefined,
        events: [],
      });
      expect(await store.readStream(stream)).toStrictEqual({ events: [], firstBroken: undefined });
    });

    it('returns its events in the order of appends', async () => {
      const stream = newStream();
      const events = ['a', 'b', 'c', 'd'].map(householdCreated);
      await store.append([startOf(stream, ...events.slice(0, 2))]);
      await appendTo(store, stream, ...events.slice(2));
      const history = await store.read(stream, 0);
      expect(history.events).toStrictEqual(shapes(events));
      expect(history.head.revision).toBe(3n);
    });

    it('returns personal data unchanged', async () => {
      const stream = newStream('user');
      const event = registration();
      await store.append([startOf(stream, event)]);
      expect(await readEvents(stream)).toStrictEqual([event.event]);
    });

    it('is read as a whole, with position and chain value of every event', async () => {
      const stream = newStream();
      const events = ['a', 'b', 'c'].map(householdCreated);
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
    const [a, b, c] = [householdCreated('a'), householdCreated('b'), householdCreated('c')];
    const stream = newStream();
    beforeEach(() => store.append([{ ...startOf(stream, a, b), snapshot: { version: 3, state } }]));

    it('replaces the events that it covers', async () => {
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

    it('is replaced by that of the next append', async () => {
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
};
