import { describe, expect, it } from 'vitest';
import { forEachInFlight } from '../../../src/application/importing/for-each-in-flight.ts';

async function* countTo(last: number, onEnd: () => void = () => undefined) {
  try {
    for (let n = 1; n <= last; n += 1) yield n;
  } finally {
    onEnd();
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('running work for each of many items', () => {
  it('runs once for each item, with the given number at a time', async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await forEachInFlight(countTo(20), 3, async (n) => {
      running += 1;
      most = Math.max(most, running);
      await nextTurn();
      running -= 1;
      done.push(n);
    });
    expect(most).toBe(3);
    expect(done.sort((a, b) => a - b)).toStrictEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it('resolves when there are no items', () =>
    expect(forEachInFlight(countTo(0), 3, async () => undefined)).resolves.toBeUndefined());
});

describe('running work for each of many items when one fails', () => {
  it('waits for the work in flight, starts no more, and rejects with the error', async () => {
    const failure = new Error('enough');
    const ended: number[] = [];
    let closed = false;
    const items = countTo(100, () => {
      closed = true;
    });
    const work = forEachInFlight(items, 3, async (n) => {
      await nextTurn();
      if (n === 2) throw failure;
      await nextTurn();
      ended.push(n);
    });
    await expect(work).rejects.toBe(failure);
    expect(ended.sort((a, b) => a - b)).toStrictEqual([1, 3]);
    expect(closed).toBe(true);
  });

  it('rejects when reading the items fails', async () => {
    const failure = new Error('no file');
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw failure;
    }
    await expect(forEachInFlight(broken(), 2, async () => undefined)).rejects.toBe(failure);
  });
});
