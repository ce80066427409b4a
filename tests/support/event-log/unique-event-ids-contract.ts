import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EventStore, RevisionConflict } from '../../../src/application/kernel/event-store.ts';
import {
  collect,
  householdCreated,
  ids,
  newStream,
  type OpenedEventStore,
  startOf,
} from './event-store-fixtures.ts';

/**
 * The contract of stores whose event ids are unique in the whole log. EventStoreDB checks an id
 * only at the position of the append; elsewhere the event is new. Latchkey does not depend on it,
 * since every decision generates new ids.
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

  describe(`${name}: an event id that the log holds already`, () => {
    const [a, b] = [householdCreated('a'), householdCreated('b')];
    const stream = newStream();
    beforeEach(() => store.append([startOf(stream, a, b)]));

    it.each([
      ['in another stream', [startOf(newStream(), a)]],
      ['in another stream, with a new one', [startOf(newStream(), a, householdCreated('new'))]],
      ['after itself', [{ stream, expected: { revision: 1n }, events: [a, b] }]],
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
