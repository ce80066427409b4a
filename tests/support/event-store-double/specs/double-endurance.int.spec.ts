import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BACKWARDS, END, NO_STREAM } from '@eventstore/db-client';
import { expect, it } from 'vitest';
import { eventually } from '../../kernel/eventually.ts';
import { fact, numbersOf, plain, useDouble } from './double-fixtures.ts';

/** Takes a few seconds unless a soak is requested. */
const OPERATIONS = process.env.LATCHKEY_SOAK_SECONDS === undefined ? 4_000 : 20_000;
/** For many operations, less than a tenth of a stored record; for few, the noise is larger. */
const BYTES_PER_OPERATION = 150;
/** The noise of the heap size. */
const NOISE = 3_000_000;
const AT_ONCE = 50;
const start = useDouble();

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const heapBytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

const times = async (count: number, operation: (n: number) => Promise<void>): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await operation(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
};

it('the double retains nothing but stored events after thousands of appends and reads', async () => {
  const { double, client } = await start();
  const event = fact(7);
  const expected = { ...plain, expectedRevision: NO_STREAM } as const;
  const last = { direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
  // Repeated appends are answered like the first and not stored: the log must not grow.
  const repeat = async (n: number): Promise<void> => {
    await client.appendToStream(`a-${n % 100}`, event, expected);
    expect(await numbersOf(client.readStream(`a-${n % 100}`, last))).toStrictEqual([7]);
  };
  await times(OPERATIONS / 10, repeat);
  const before = heapBytes();
  await times(OPERATIONS, repeat);
  await eventually(() => double.openCalls() === 0, 'no call under way');
  expect(heapBytes() - before).toBeLessThan(NOISE + OPERATIONS * BYTES_PER_OPERATION);
  expect(double.events()).toHaveLength(100);
  expect(double.calls()).toStrictEqual({
    append: OPERATIONS * 1.1,
    readStream: OPERATIONS * 1.1,
  });
}, 180_000);
