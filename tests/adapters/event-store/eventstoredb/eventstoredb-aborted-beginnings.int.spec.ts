import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toProposed } from '../../../../src/adapters/event-store/eventstoredb/reading/eventstoredb-event-format.ts';
import { CHAIN_START } from '../../../../src/adapters/event-store/stored-event.ts';
import {
  noStream,
  RevisionConflict,
  type StreamId,
  streamName,
} from '../../../../src/application/kernel/event-store.ts';
import {
  householdCreated,
  newStream,
  startOf,
} from '../../../support/event-log/event-store-fixtures.ts';
import {
  type OpenTestEventStoreDb,
  openTestEventStoreDb,
  type TestEventStoreDb,
} from '../../../support/event-log/eventstoredb-event-store.ts';

const OUTCOME_TIMEOUT_MS = 50;

let opened: OpenTestEventStoreDb;
let parts: TestEventStoreDb;

beforeAll(async () => {
  opened = await openTestEventStoreDb();
  parts = opened.openStore({ outcomeTimeout: OUTCOME_TIMEOUT_MS });
});
afterAll(() => opened.close());

/** Leaves the events of an append to several streams by a process that was killed. */
const leave = async (stream: StreamId): Promise<void> => {
  const { eventId, event, metadata } = householdCreated('never');
  const stored = {
    eventId,
    type: event.type,
    schemaVersion: 1,
    data: { ...event.data },
    metadata: { ...metadata, subject: null, chain: CHAIN_START },
  };
  await parts.client.append(streamName(stream), 'none', [toProposed(stored, 0n, eventId)]);
};

const namesIn = async (stream: StreamId) => {
  const { events, firstBroken } = await parts.store.readStream(stream);
  expect(firstBroken).toBeUndefined();
  return events.map(({ revision, event }) => [revision, 'name' in event.data && event.data.name]);
};

describe('a stream that holds only aborted events of a killed process', () => {
  it('begins with the append of a process that expects a new stream', async () => {
    const stream = newStream();
    await leave(stream);
    await parts.store.append([
      startOf(stream, householdCreated('first'), householdCreated('second')),
    ]);
    expect(await namesIn(stream)).toStrictEqual([
      [0n, 'first'],
      [1n, 'second'],
    ]);
  });

  it('begins in an append to several streams, new ones and similar ones', async () => {
    const streams = [newStream(), newStream(), newStream()];
    for (const stream of streams.slice(1)) await leave(stream);
    await parts.store.append(streams.map((stream) => startOf(stream, householdCreated(stream.id))));
    for (const stream of streams) {
      expect(await namesIn(stream)).toStrictEqual([[0n, stream.id]]);
    }
  });
});

describe('a stream that has begun', () => {
  it('refuses another first event, alone or together with new streams', async () => {
    const [begun, free] = [newStream(), newStream()];
    await leave(begun);
    await leave(free);
    await parts.store.append([startOf(begun, householdCreated('begun'))]);
    await expect(parts.store.append([startOf(begun, householdCreated('late'))])).rejects.toThrow(
      RevisionConflict,
    );
    await expect(
      parts.store.append([
        startOf(free, householdCreated('free')),
        startOf(begun, householdCreated('late')),
      ]),
    ).rejects.toThrow(RevisionConflict);
    expect(await namesIn(begun)).toStrictEqual([[0n, 'begun']]);
    expect(await namesIn(free)).toStrictEqual([]);
    expect((await parts.store.read(free, 0)).head).toMatchObject(noStream);
  });
});

describe('an append to many streams, one of which refuses it', () => {
  it('has no pending call when it reports the refusal', async () => {
    const streams = Array.from({ length: 40 }, () => newStream());
    const [begun] = streams;
    if (begun === undefined) throw new TypeError('there are streams');
    await parts.store.append([startOf(begun, householdCreated('begun'))]);
    await expect(
      parts.store.append(streams.map((stream) => startOf(stream, householdCreated('late')))),
    ).rejects.toThrow(RevisionConflict);
    const length = opened.double.events().length;
    await parts.store.append([startOf(newStream(), householdCreated('after'))]);
    expect(opened.double.events()).toHaveLength(length + 1);
    // The eight parallel appends; none was started after the refusal.
    expect(length).toBeLessThan(40);
  });
});
