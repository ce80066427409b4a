import { StreamNotFoundError } from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';
import { facts, numbersOf, plain, useDouble } from './double-fixtures.ts';

const start = useDouble();

const withFive = async () => {
  const pair = await start();
  await pair.client.appendToStream('a-1', facts(5), plain);
  return pair;
};

describe('a log that was tampered with', () => {
  it('returns the changed events', async () => {
    const { double, client } = await withFive();
    const before = double.events();
    double.tamper((log) => {
      const [first] = log;
      if (first) first.data = { n: 70 };
      log.splice(1, 1);
      log.push(...log.splice(2, 2).reverse());
    });
    const positions = [0, 2, 3, 4].map((index) => before[index]?.position);
    expect(double.events().map(({ position }) => position)).toStrictEqual(positions);
    expect(double.events().map(({ revision }) => revision)).toStrictEqual([0n, 2n, 3n, 4n]);
    for (const read of [client.readStream('a-1'), client.readAll()])
      expect(await numbersOf(read)).toStrictEqual([70, 2, 4, 3]);
    const { nextExpectedRevision } = await client.appendToStream('a-1', facts(1), plain);
    expect(nextExpectedRevision).toBe(5n);
  });

  it('has no stream whose events were all removed', async () => {
    const { double, client } = await withFive();
    double.tamper((log) => void log.splice(0));
    const read = numbersOf(client.readStream('a-1'));
    await expect(read).rejects.toBeInstanceOf(StreamNotFoundError);
  });

  it('keeps unchanged events', async () => {
    const { double } = await withFive();
    const before = double.events({ system: true });
    double.tamper(() => undefined);
    expect(double.events({ system: true })).toStrictEqual(before);
  });

  it('accepts a forged event', async () => {
    const { double, client } = await withFive();
    double.tamper((log) => {
      const last = log.at(-1);
      if (!last) return;
      const [revision, position] = [last.revision + 1n, last.position + 1n];
      log.push({ ...last, revision, position, eventId: crypto.randomUUID(), data: { n: 66 } });
    });
    expect(await numbersOf(client.readAll())).toStrictEqual([0, 1, 2, 3, 4, 66]);
  });
});
