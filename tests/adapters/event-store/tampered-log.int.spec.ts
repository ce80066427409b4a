import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StreamId } from '../../../src/application/kernel/event-store.ts';
import { streamName } from '../../../src/application/kernel/event-store.ts';
import {
  householdCreated,
  newStream,
  startOf,
} from '../../support/event-log/event-store-fixtures.ts';
import {
  openTestEventStore,
  type TestEventStore,
} from '../../support/event-log/postgres-event-store.ts';

let opened: TestEventStore;
let stream: StreamId;
beforeAll(async () => {
  opened = await openTestEventStore();
});
afterAll(() => opened?.close());
beforeEach(async () => {
  stream = newStream();
  await opened.store.append([startOf(stream, ...['a', 'b', 'c', 'd', 'e'].map(householdCreated))]);
});

/** Rewrites the events of the stream under test, as an attacker with write access would. */
const tamper = async (...statements: readonly string[]): Promise<bigint | undefined> => {
  for (const text of statements) {
    await opened.database.query({ text, values: [streamName(stream)] });
  }
  return (await opened.store.readStream(stream)).firstBroken;
};

const SET = 'UPDATE events SET';
const HERE = 'WHERE stream_id = $1 AND revision';

describe('a stream whose rows were tampered with', () => {
  it('is intact before the change', async () => {
    expect(await tamper()).toBeUndefined();
  });

  it.each([
    ['a byte of the data', `data = jsonb_set(data, '{name}', '"C"')`],
    ['a number', `data = jsonb_set(data, '{home}', 'true')`],
    ['who did it', `metadata = jsonb_set(metadata, '{actor}', '"user_eve"')`],
    ['when it was', `metadata = jsonb_set(metadata, '{occurredAt}', '"2026-03-01T12:00:00.001Z"')`],
    ['the id', 'event_id = gen_random_uuid()'],
  ])('has a broken link where %s was changed', async (_, change) => {
    expect(await tamper(`${SET} ${change} ${HERE} = 2`)).toBe(2n);
  });

  it('has a broken link where an event was given the chain value of another', async () => {
    const { events } = await opened.store.readStream(stream);
    const chain = events[1]?.metadata.chain;
    expect(
      await tamper(`${SET} metadata = jsonb_set(metadata, '{chain}', '"${chain}"') ${HERE} = 2`),
    ).toBe(2n);
  });

  it('has a broken link at the first of two swapped events', async () => {
    expect(
      await tamper(
        `${SET} revision = -1 ${HERE} = 1`,
        `${SET} revision = 1 ${HERE} = 3`,
        `${SET} revision = 3 ${HERE} = -1`,
      ),
    ).toBe(1n);
  });

  it.each([0, 1, 3])('has a broken link where event %i was removed', async (revision) => {
    expect(await tamper(`DELETE FROM events ${HERE} = ${revision}`)).toBe(BigInt(revision));
  });

  it('has a broken link where an event was removed and the rest was renumbered', async () => {
    expect(
      await tamper(
        `DELETE FROM events ${HERE} = 2`,
        `${SET} revision = 2 ${HERE} = 3`,
        `${SET} revision = 3 ${HERE} = 4`,
      ),
    ).toBe(2n);
  });
});
