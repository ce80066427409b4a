import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EventStore, RevisionConflict } from '../../../src/application/kernel/event-store.ts';
import {
  collect,
  founded,
  ids,
  newStream,
  type OpenedEventStore,
  startOf,
} from './event-store-fixtures.ts';

/**
 * What a store promises besides whose event ids are unique over the whole log. EventStoreDB looks for
 * an id only where the append is to go: elsewhere, or behind itself, it is a new event. Nothing of ours
 * rests on it, as ids are made anew for each decision.
 */
export const describeUniqueEventIds = (
  name: string,
  open: () => Promise<OpenedEventStore>,
): void => {
  let opened: OpenedEventStore;
  let store: EventStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened?.close());

  describe(`${name}: an event id that the log has`, () => {
    const [a, b] = [founded('a'), founded('b')];
    const stream = newStream();
    beforeEach(() => store.append([startOf(stream, a, b)]));

    it.each([
      ['in another stream', [startOf(newStream(), a)]],
      ['in another stream, with a new one', [startOf(newStream(), a, founded('new'))]],
      ['behind itself', [{ stream, expected: { revision: 1n }, events: [a, b] }]],
    ])('is refused %s', async (_where, appends) => {
      await expect(store.append(appends)).rejects.toThrow(RevisionConflict);
      const { events } = await store.readStream(stream);
      expect(ids(events)).toStrictEqual(ids([a, b]));
      for (const event of await collect(store.readAll())) {
        expect(event.stream).toStrictEqual(stream);
      }
    });
  });
};
