import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { streamName } from '../../../../src/application/kernel/event-store.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import {
  driftOf,
  openTwoStores,
  refresh,
  type SignedInUser,
  signUp,
  type TwoStores,
} from '../../../support/event-log/two-stores.ts';
import { visitor } from '../../../support/servers/composed-system.ts';
import { PASSWORD } from '../../../support/servers/http-client.ts';

let stores: TwoStores;
beforeEach(async () => {
  stores = await openTwoStores();
});
afterEach(() => stores?.close());

const report = {
  milliseconds: expect.any(Number),
  stoppedMilliseconds: expect.any(Number),
};

describe('when a log is copied to EventStoreDB', () => {
  let ann: SignedInUser;
  let ben: SignedInUser;

  beforeEach(async () => {
    const system = await stores.open('postgres');
    ann = await refresh(system, await signUp(system));
    ben = await signUp(system);
  });

  it('every event is the same, in the same order', async () => {
    const before = await stores.logIn('postgres');

    expect(await stores.copy('eventstoredb')).toStrictEqual({
      to: 'eventstoredb',
      events: before.length,
      copied: before.length,
      ...report,
    });

    expect(await stores.logIn('eventstoredb')).toStrictEqual(before);
  });

  it('the service continues: old tokens, old passwords, new accounts, and tables without drift', async () => {
    await stores.copy('eventstoredb');
    const system = await stores.open('eventstoredb');

    await refresh(system, await refresh(system, ann));
    await refresh(system, ben);
    await signUp(system);
    await system.get(tokens.http).signIn({ identifier: ann.email, password: PASSWORD }, visitor);

    expect(await driftOf(system)).toStrictEqual([]);
    const stream = { category: 'tokenFamily', id: ann.sessionId } as const;
    const { events, firstBroken } = await system.get(tokens.eventStore).readStream(stream);
    expect({ count: events.length, firstBroken }).toStrictEqual({
      count: 4,
      firstBroken: undefined,
    });
  });

  it('and back, PostgreSQL holds all events, and the service continues', async () => {
    await stores.copy('eventstoredb');
    const there = await stores.open('eventstoredb');
    ann = await refresh(there, ann);
    const eve = await signUp(there);
    const before = await stores.logIn('eventstoredb');
    const added = before.length - (await stores.logIn('postgres')).length;

    expect(await stores.copy('postgres')).toStrictEqual({
      to: 'postgres',
      events: before.length,
      copied: added,
      ...report,
    });

    expect(await stores.logIn('postgres')).toStrictEqual(before);
    const here = await stores.open('postgres');
    await refresh(here, ann);
    await refresh(here, eve);
    await signUp(here);
    expect(await driftOf(here)).toStrictEqual([]);
  });

  it('repeated moves copy new events only', async () => {
    const counts: number[] = [];
    for (const home of ['eventstoredb', 'postgres', 'eventstoredb', 'postgres'] as const) {
      const { copied } = await stores.copy(home);
      counts.push(copied);
      const system = await stores.open(home);
      ann = await refresh(system, ann);
      await signUp(system);
      expect(await driftOf(system)).toStrictEqual([]);
    }

    const [first, ...later] = counts;
    expect(first).toBe(9);
    expect(later).toStrictEqual([5, 5, 5]);
    expect((await stores.logIn('postgres')).length).toBe(9 + 3 * 5 + 5);
    expect((await stores.logIn('eventstoredb')).length).toBe(9 + 3 * 5);
  });

  it("the projector's checkpoint and the event index cover the whole log", async () => {
    await stores.copy('eventstoredb');

    const kept = stores.double.events();
    const index = await stores.database.query({
      text: `SELECT event_id, stream_id, revision::integer, event_number::integer, type,
        occurred_at FROM event_index ORDER BY position`,
    });
    const log = await stores.logIn('eventstoredb');
    expect(index).toStrictEqual(
      log.map(({ eventId, stream, revision, type, metadata }) => ({
        event_id: eventId,
        stream_id: stream,
        revision: Number(revision),
        event_number: Number(revision),
        type,
        occurred_at: metadata.occurredAt,
      })),
    );
    const [checkpoint] = await stores.database.query<{ position: string }>({
      text: 'SELECT position FROM projector_checkpoints',
    });
    expect(BigInt(checkpoint?.position.split('-')[0] ?? 0)).toBe(kept.at(-1)?.position);
    expect(streamName({ category: 'user', id: ann.id })).toBe(log[0]?.stream);
  });
});
