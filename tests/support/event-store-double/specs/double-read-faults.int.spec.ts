import {
  CancelledError,
  NotLeaderError,
  UnavailableError,
  UnknownError,
} from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../kernel/eventually.ts';
import { facts, numbersOf, plain, useDouble, within } from './double-fixtures.ts';

const start = useDouble();

const withFive = async () => {
  const pair = await start();
  await pair.client.appendToStream('a-1', facts(5), plain);
  return pair;
};

describe.each(['readStream', 'readAll'] as const)('a read by %s', (method) => {
  const prepared = async () => {
    const { double, client } = await withFive();
    const read = () => (method === 'readAll' ? client.readAll() : client.readStream('a-1'));
    return { double, read };
  };

  it.each([
    [status.UNAVAILABLE, UnavailableError],
    [status.CANCELLED, CancelledError],
    [status.INTERNAL, UnknownError],
  ])('fails with code %i', async (code, type) => {
    const { double, read } = await prepared();
    double.faults.next(method, { kind: 'fail', code });
    await expect(numbersOf(read())).rejects.toBeInstanceOf(type);
    expect(await numbersOf(read())).toStrictEqual([0, 1, 2, 3, 4]);
  });

  it('breaks off half-way', async () => {
    const { double, read } = await prepared();
    double.faults.next(method, { kind: 'breakOff', after: 2, code: status.INTERNAL });
    let count = 0;
    const broken = async () => {
      for await (const _ of read()) count += 1;
    };
    await expect(broken()).rejects.toMatchObject({ code: status.INTERNAL });
    expect(count).toBe(2);
  });

  it('fails at its end', async () => {
    const { double, read } = await prepared();
    double.faults.next(method, { kind: 'failAfter', code: status.UNAVAILABLE });
    await expect(numbersOf(read())).rejects.toBeInstanceOf(UnavailableError);
  });

  it('hangs until the client cancels', async () => {
    const { double, read } = await prepared();
    double.faults.next(method, { kind: 'hang' });
    const reading = read();
    const numbers = numbersOf(reading);
    expect(await within(300, numbers)).toBe('pending');
    expect(double.openCalls()).toBe(1);
    await reading.cancel();
    await eventually(() => double.openCalls() === 0, 'no call under way');
    await within(1_000, numbers);
  });

  it('is slow', async () => {
    const { double, read } = await prepared();
    double.faults.next(method, { kind: 'slow', milliseconds: 300 });
    const begun = performance.now();
    expect(await numbersOf(read())).toHaveLength(5);
    expect(performance.now() - begun).toBeGreaterThan(290);
  });

  it('is refused with the address of the leader', async () => {
    const { double, read } = await prepared();
    double.faults.next(method, { kind: 'notLeader' });
    await expect(numbersOf(read())).rejects.toBeInstanceOf(NotLeaderError);
  });
});

describe('a paused server', () => {
  it('refuses connections, and has all events when it resumes', async () => {
    const { double, client } = await withFive();
    await double.pause();
    await expect(numbersOf(client.readStream('a-1'))).rejects.toBeInstanceOf(UnavailableError);
    await double.resume();
    expect(await numbersOf(client.readStream('a-1'))).toHaveLength(5);
  });

  it('ends pending calls', async () => {
    const { double, client } = await withFive();
    double.faults.next('readStream', { kind: 'hang' });
    const read = numbersOf(client.readStream('a-1'));
    const failed = expect(read).rejects.toBeInstanceOf(UnavailableError);
    await eventually(() => double.calls().readStream === 1, 'the read arrived');
    double.faults.cutConnections();
    await failed;
    await eventually(() => double.openCalls() === 0, 'no call under way');
  });
});
