import { END, eventTypeFilter, START, streamNameFilter } from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../kernel/eventually.ts';
import { fact, facts, useDouble } from './double-fixtures.ts';
import { journalOf } from './subscription-journal.ts';

const start = useDouble();

const withEvents = async (count: number) => {
  const pair = await start();
  for (let n = 0; n < count; n += 1) await pair.client.appendToStream(`a-${n}`, fact(n));
  return pair;
};

describe('a subscription to the whole log', () => {
  it('is confirmed, catches up, and continues live', async () => {
    const { client } = await withEvents(2);
    const { entries, numbers, isLive } = journalOf(client.subscribeToAll({ fromPosition: START }));
    await eventually(isLive, 'caught up');
    await client.appendToStream('b-1', fact(2));
    await eventually(() => numbers().length === 3, 'the live event');
    expect(entries).toStrictEqual(['confirmed', 0, 1, 'caught up', 2]);
  });

  it('starts after its position', async () => {
    const { double, client } = await withEvents(4);
    const commit = double.events()[1]?.position ?? -1n;
    const subscription = client.subscribeToAll({ fromPosition: { commit, prepare: commit } });
    const { numbers, isLive } = journalOf(subscription);
    await eventually(isLive, 'caught up');
    expect(numbers()).toStrictEqual([2, 3]);
  });

  it('at the end of the log starts with the next event', async () => {
    const { client } = await withEvents(3);
    const { numbers, isLive } = journalOf(client.subscribeToAll({ fromPosition: END }));
    await eventually(isLive, 'caught up');
    await client.appendToStream('a-1', fact(8));
    await eventually(() => numbers().length > 0, 'the live event');
    expect(numbers()).toStrictEqual([8]);
  });

  it('ends on the server when the client ends it', async () => {
    const { double, client } = await start({ batchAppend: false });
    const subscription = client.subscribeToAll();
    const { isLive } = journalOf(subscription);
    await eventually(isLive, 'caught up');
    expect([double.openCalls(), double.calls().subscribe]).toStrictEqual([1, 1]);
    await subscription.unsubscribe();
    await eventually(() => double.openCalls() === 0, 'no call under way');
  });
});

describe('a filtered subscription', () => {
  it.each([
    ['prefixes of streams', streamNameFilter({ prefixes: ['x-', 'y-'] }), [1, 2]],
    ['a pattern of streams', streamNameFilter({ regex: '^[yz]-' }), [2, 3]],
    ['prefixes of types', eventTypeFilter({ prefixes: ['Count'] }), [0, 1, 2, 3]],
    ['a pattern of types', eventTypeFilter({ regex: '^[^$]' }), [0, 1, 2, 3]],
    ['prefixes without a match', eventTypeFilter({ prefixes: ['Other'] }), []],
  ])(
    'by %s delivers matching events, before and after it has caught up',
    async (_, filter, expected) => {
      const { client } = await start();
      for (const [n, stream] of ['w-1', 'x-1'].entries())
        await client.appendToStream(stream, fact(n));
      const { entries, isLive } = journalOf(client.subscribeToAll({ filter }));
      await eventually(isLive, 'caught up');
      for (const [n, stream] of ['y-1', 'z-1'].entries())
        await client.appendToStream(stream, fact(2 + n));
      const seen = () => entries.filter((entry) => typeof entry !== 'string' || entry[0] === '$');
      await eventually(() => seen().length === expected.length, 'all that match');
      expect(seen()).toStrictEqual(expected);
    },
  );

  it.each([
    ['so many windows', { checkpointInterval: 2 }, [63]],
    ['windows of its own', { checkpointInterval: 3, maxSearchWindow: 10 }, [29, 59]],
  ])('gets a checkpoint every %s and before it has caught up', async (_, options, indices) => {
    const { double, client } = await withEvents(70);
    const log = double.events({ system: true });
    const seen: unknown[] = [];
    const filter = streamNameFilter({
      ...options,
      prefixes: ['nobody-'],
      checkpointReached: (_subscription, { commit }) => void seen.push(commit),
    });
    const subscription = client.subscribeToAll({ filter });
    subscription.on('caughtUp', () => seen.push('caught up')).resume();
    await eventually(() => seen.includes('caught up'), 'caught up');
    expect(seen).toStrictEqual([
      ...[...indices, log.length - 1].map((index) => log[index]?.position),
      'caught up',
    ]);
  });

  it('gets checkpoints live as well', async () => {
    const { double, client } = await start();
    const seen: bigint[] = [];
    const checkpointReached = (_: unknown, { commit }: { commit: bigint }) =>
      void seen.push(commit);
    const filter = streamNameFilter({
      prefixes: ['nobody-'],
      maxSearchWindow: 2,
      checkpointReached,
    });
    const { isLive } = journalOf(client.subscribeToAll({ filter }));
    await eventually(isLive, 'caught up');
    await client.appendToStream('a-1', facts(4));
    await eventually(() => seen.length === 2, 'two checkpoints');
    expect(seen).toStrictEqual([1, 3].map((index) => double.events()[index]?.position));
  });
});

describe('a subscription to a stream', () => {
  it('gets that stream only, after its revision', async () => {
    const { client } = await start();
    await client.appendToStream('a-1', facts(3));
    await client.appendToStream('a-2', fact(7));
    const { entries, numbers, isLive } = journalOf(
      client.subscribeToStream('a-1', { fromRevision: 0n }),
    );
    await eventually(isLive, 'caught up');
    await client.appendToStream('a-2', fact(8));
    await client.appendToStream('a-1', fact(3));
    await eventually(() => numbers().length === 3, 'the live event');
    expect(entries).toStrictEqual(['confirmed', 1, 2, 'caught up', 3]);
  });

  it('waits for a stream without events', async () => {
    const { client } = await start();
    const { numbers, isLive } = journalOf(client.subscribeToStream('a-1'));
    await eventually(isLive, 'caught up');
    await client.appendToStream('a-1', facts(2));
    await eventually(() => numbers().length === 2, 'both events');
    expect(numbers()).toStrictEqual([0, 1]);
  });

  it('omits deleted events', async () => {
    const { client } = await start();
    await client.appendToStream('a-1', facts(3));
    await client.deleteStream('a-1');
    await client.appendToStream('a-1', fact(5));
    const { numbers, isLive } = journalOf(client.subscribeToStream('a-1'));
    await eventually(isLive, 'caught up');
    expect(numbers()).toStrictEqual([5]);
  });
});
