import {
  CancelledError,
  NotLeaderError,
  streamNameFilter,
  UnavailableError,
} from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../kernel/eventually.ts';
import { fact, facts, plain, useDouble } from './double-fixtures.ts';
import { journalOf } from './subscription-journal.ts';

const start = useDouble();

const subscribed = async () => {
  const pair = await start();
  const checkpoints: bigint[] = [];
  const filter = streamNameFilter({
    prefixes: ['a-'],
    maxSearchWindow: 1,
    checkpointReached: (_, { commit }) => void checkpoints.push(commit),
  });
  const journal = journalOf(pair.client.subscribeToAll({ filter }));
  await eventually(journal.isLive, 'caught up');
  return { ...pair, ...journal, checkpoints };
};

describe('a live subscription', () => {
  it('is dropped', async () => {
    const { double, errors } = await subscribed();
    double.faults.dropSubscriptions();
    await eventually(() => errors.length > 0, 'the end of it');
    expect(errors[0]).toBeInstanceOf(UnavailableError);
    await eventually(() => double.openCalls() === 0, 'no call under way');
  });

  it('is dropped with the requested code', async () => {
    const { double, errors } = await subscribed();
    double.faults.dropSubscriptions(status.CANCELLED);
    await eventually(() => errors.length > 0, 'the end of it');
    expect(errors[0]).toBeInstanceOf(CancelledError);
  });

  it('ends with its connection', async () => {
    const { double, errors } = await subscribed();
    double.faults.cutConnections();
    await eventually(() => errors.length > 0, 'the end of it');
    expect(errors[0]).toBeInstanceOf(UnavailableError);
  });

  it('gets no events while it is stalled, and all of them afterwards', async () => {
    const { double, client, numbers, checkpoints } = await subscribed();
    double.faults.stallSubscriptions();
    await client.appendToStream('a-1', facts(3), plain);
    await client.appendToStream('b-1', facts(3), plain);
    const other = journalOf(client.subscribeToStream('a-1'));
    await eventually(() => other.entries.includes('confirmed'), 'another subscription');
    expect([numbers(), checkpoints, other.numbers()]).toStrictEqual([[], [], []]);
    double.faults.resumeSubscriptions();
    await eventually(() => checkpoints.length === 6, 'all checkpoints');
    await eventually(other.isLive, 'the other has caught up');
    expect([numbers(), other.numbers()]).toStrictEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it('gets the next events twice', async () => {
    const { double, client, numbers } = await subscribed();
    const other = journalOf(client.subscribeToStream('a-1'));
    await eventually(other.isLive, 'the other has caught up');
    await client.appendToStream('a-1', fact(0), plain);
    double.faults.duplicateDeliveries(2);
    await client.appendToStream('a-1', [fact(1), fact(2), fact(3)], plain);
    for (const delivered of [numbers, other.numbers]) {
      await eventually(() => delivered().includes(3), 'the last event');
      expect(delivered()).toStrictEqual([0, 1, 1, 2, 2, 3]);
    }
    const later = journalOf(client.subscribeToStream('a-1'));
    await eventually(later.isLive, 'a later one has caught up');
    expect(later.numbers()).toStrictEqual([0, 1, 2, 3]);
  });

  it('gets only events twice that are appended after the request', async () => {
    const { double, client, numbers } = await subscribed();
    double.faults.stallSubscriptions();
    await client.appendToStream('a-1', fact(0), plain);
    double.faults.duplicateDeliveries(1);
    await client.appendToStream('a-1', [fact(1), fact(2)], plain);
    double.faults.resumeSubscriptions();
    await eventually(() => numbers().includes(2), 'the last event');
    expect(numbers()).toStrictEqual([0, 1, 1, 2]);
  });

  it('continues after the log was tampered with', async () => {
    const { double, client, numbers } = await subscribed();
    await client.appendToStream('a-1', facts(3), plain);
    await eventually(() => numbers().length === 3, 'three events');
    double.tamper((log) => void log.splice(0, 2));
    await client.appendToStream('a-1', fact(3), plain);
    await eventually(() => numbers().length === 4, 'the fourth event');
    expect(numbers()).toStrictEqual([0, 1, 2, 3]);
  });
});

describe('a subscription', () => {
  it('fails at once', async () => {
    const { double, client } = await start();
    double.faults.next('subscribe', { kind: 'fail', code: status.UNAVAILABLE });
    const { entries, errors } = journalOf(client.subscribeToAll());
    await eventually(() => errors.length > 0, 'the end of it');
    expect([entries, errors[0]]).toStrictEqual([[], expect.any(UnavailableError)]);
  });

  it('hangs without a confirmation', async () => {
    const { double, client } = await start();
    double.faults.next('subscribe', { kind: 'hang' });
    const { entries } = journalOf(client.subscribeToAll());
    await client.appendToStream('a-1', fact(0), plain);
    await eventually(() => double.calls().subscribe === 1, 'it arrived');
    const other = journalOf(client.subscribeToAll());
    await eventually(other.isLive, 'another has caught up');
    expect(entries).toStrictEqual([]);
  });

  it('breaks off after a number of events, live ones included', async () => {
    const { double, client } = await start();
    await client.appendToStream('a-1', facts(2), plain);
    double.faults.next('subscribe', { kind: 'breakOff', after: 3, code: status.UNAVAILABLE });
    const { entries, errors, isLive } = journalOf(client.subscribeToAll());
    await eventually(isLive, 'caught up');
    await client.appendToStream('a-1', [fact(2), fact(3)], plain);
    await eventually(() => errors.length > 0, 'the end of it');
    expect(entries).toStrictEqual(['confirmed', 0, 1, 'caught up', 2]);
  });

  it('is refused with the address of the leader', async () => {
    const { double, client } = await start();
    double.faults.next('subscribe', { kind: 'notLeader' });
    const { errors } = journalOf(client.subscribeToAll());
    await eventually(() => errors.length > 0, 'the end of it');
    expect(errors[0]).toBeInstanceOf(NotLeaderError);
  });
});
