import {
  AccessDeniedError,
  DeadlineExceededError,
  NotLeaderError,
  TimeoutError,
  UnavailableError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../kernel/eventually.ts';
import { fact, plain, useDouble, within } from './double-fixtures.ts';

const start = useDouble();
const patience = 400;

describe('an append that fails', () => {
  it.each([
    [status.UNAVAILABLE, UnavailableError],
    [status.DEADLINE_EXCEEDED, DeadlineExceededError],
    [status.ABORTED, TimeoutError],
    [status.UNAUTHENTICATED, AccessDeniedError],
    [status.INTERNAL, UnknownError],
    [status.DATA_LOSS, UnknownError],
  ])("with code %i is reported as the client's error, and is not stored", async (code, type) => {
    const { double, client } = await start();
    double.faults.next('append', { kind: 'fail', code });
    const failed = client.appendToStream('a-1', fact(0), plain);
    await expect(failed).rejects.toBeInstanceOf(type);
    await expect(failed).rejects.toMatchObject({ code });
    expect(double.events()).toStrictEqual([]);
    await client.appendToStream('a-1', fact(1), plain);
    expect(double.events()).toHaveLength(1);
  });

  it('has the details that the test sets', async () => {
    const { double, client } = await start();
    const metadata = { exception: 'wrong-expected-version', 'stream-name': 'a-1' };
    double.faults.next('append', {
      kind: 'fail',
      code: status.FAILED_PRECONDITION,
      details: 'for once',
      metadata: { ...metadata, 'expected-version': '3', 'actual-version': '4' },
    });
    const failed = client.appendToStream('a-1', fact(0), plain);
    await expect(failed).rejects.toBeInstanceOf(WrongExpectedVersionError);
    await expect(failed).rejects.toMatchObject({ actualVersion: 4n });
  });

  it('after it was stored is stored, and repeating it stores nothing new', async () => {
    const { double, client } = await start();
    double.faults.next('append', { kind: 'failAfter', code: status.UNAVAILABLE });
    const event = fact(0);
    const expected = { ...plain, expectedRevision: 'no_stream' } as const;
    const failed = client.appendToStream('a-1', event, expected);
    await expect(failed).rejects.toBeInstanceOf(UnavailableError);
    expect(double.events()).toHaveLength(1);
    const again = await client.appendToStream('a-1', event, expected);
    expect(again.nextExpectedRevision).toBe(0n);
    expect(double.events()).toHaveLength(1);
  });

  it('as on a node that is no longer the leader names the leader', async () => {
    const { double, client } = await start();
    double.faults.next('append', { kind: 'notLeader' });
    const failed = client.appendToStream('a-1', fact(0), plain);
    await expect(failed).rejects.toBeInstanceOf(NotLeaderError);
    const port = Number(new URL(double.connectionString).port);
    await expect(failed).rejects.toMatchObject({ leader: { address: '127.0.0.1', port } });
    expect(double.events()).toStrictEqual([]);
  });
});

describe('an append that is not answered', () => {
  it.each([
    ['hang', 0],
    ['lostAnswer', 1],
  ] as const)('because of "%s" stays open until the client gives up', async (kind, stored) => {
    const { double, client } = await start();
    double.faults.next('append', { kind });
    const options = { ...plain, deadline: patience };
    const append = client.appendToStream('a-1', fact(0), options);
    const failed = expect(append).rejects.toBeInstanceOf(DeadlineExceededError);
    await eventually(() => double.calls().append === 1, 'the append arrived');
    expect(double.openCalls()).toBe(1);
    await failed;
    await eventually(() => double.openCalls() === 0, 'no call under way');
    expect(double.events()).toHaveLength(stored);
  });

  it('in time is stored nevertheless', async () => {
    const { double, client } = await start();
    double.faults.next('append', { kind: 'slow', milliseconds: 3 * patience });
    const options = { ...plain, deadline: patience };
    const append = client.appendToStream('a-1', fact(0), options);
    await expect(append).rejects.toBeInstanceOf(DeadlineExceededError);
    expect(double.events()).toStrictEqual([]);
    await eventually(() => double.events().length === 1, 'the late append');
  });
});

describe('a batch append', () => {
  it('that hangs stays pending after its deadline', async () => {
    const { double, client } = await start({}, '&defaultDeadline=100');
    double.faults.next('batchAppend', { kind: 'hang' });
    const append = client.appendToStream('a-1', fact(0), { deadline: 100 });
    expect(await within(patience, append)).toBe('pending');
    double.faults.cutConnections();
    await expect(append).rejects.toBeInstanceOf(UnavailableError);
  });

  it('that fails also fails all other pending ones', async () => {
    const { double, client } = await start();
    double.faults.next('batchAppend', { kind: 'lostAnswer' });
    const stored = client.appendToStream('a-1', fact(0));
    const refusedStored = expect(stored).rejects.toBeInstanceOf(UnavailableError);
    await eventually(() => double.events().length === 1, 'the first is stored');
    double.faults.next('batchAppend', { kind: 'fail', code: status.UNAVAILABLE });
    const failed = client.appendToStream('a-2', fact(1));
    await expect(failed).rejects.toBeInstanceOf(UnavailableError);
    await refusedStored;
    expect(double.events().map(({ stream }) => stream)).toStrictEqual(['a-1']);
  });
});

describe('a query of server features', () => {
  it('that fails makes every append of that client fail', async () => {
    const { double, client } = await start();
    double.faults.next('features', { kind: 'fail', code: status.INTERNAL });
    for (const n of [1, 2])
      await expect(client.appendToStream('a-1', fact(n))).rejects.toMatchObject({
        code: status.INTERNAL,
      });
    expect(double.calls()).toStrictEqual({ features: 1 });
    await client.appendToStream('a-1', fact(3), plain);
  });
});

describe('faults', () => {
  it('apply as often as requested', async () => {
    const { double, client } = await start();
    const fails = () => within(5_000, client.appendToStream('a-1', fact(0), plain));
    double.faults.next('append', { kind: 'fail', code: status.INTERNAL }, 2);
    for (const expected of [13, 13, undefined])
      expect(Reflect.get(Object(await fails()), 'code')).toBe(expected);
    double.faults.always('append', { kind: 'fail', code: status.INTERNAL });
    expect(await fails()).toBeInstanceOf(UnknownError);
    double.faults.clear();
    expect(await fails()).toMatchObject({ success: true });
    expect(double.faults.injectedFaults()).toStrictEqual({ fail: 3 });
  });

  it('at random are the same for the same seed, until cleared', async () => {
    const run = async (seed: number) => {
      const { double, client } = await start();
      const kinds = [{ kind: 'fail', code: status.INTERNAL }] as const;
      double.faults.randomly({ seed, probability: 0.5, methods: ['append'], kinds });
      const outcomes: boolean[] = [];
      for (let n = 0; n < 40; n += 1) {
        const outcome = await within(5_000, client.appendToStream('a-1', fact(n), plain));
        outcomes.push(outcome instanceof UnknownError);
      }
      double.faults.clear();
      for (let n = 0; n < 20; n += 1) await client.appendToStream('a-1', fact(n), plain);
      return outcomes;
    };
    const first = await run(7);
    expect(await run(7)).toStrictEqual(first);
    expect(await run(8)).not.toStrictEqual(first);
    const failed = first.filter(Boolean).length;
    expect(failed).toBeGreaterThan(10);
    expect(failed).toBeLessThan(30);
  });
});
