import { describe, expect, it } from 'vitest';
import { createRequestPositions } from '../../../../src/adapters/http/app/request-positions.ts';
import type { Position } from '../../../../src/application/kernel/event-store.ts';

const at = (n: number) => `${String(n).padStart(20, '0')}-${'0'.repeat(20)}` as Position;
const pause = () => new Promise((resolve) => setImmediate(resolve));

const request = <Result>(
  positions: ReturnType<typeof createRequestPositions>,
  work: () => Promise<Result>,
): Promise<Result> =>
  new Promise((resolve, reject) => positions.during(() => void work().then(resolve, reject)));

describe('the position of a request', () => {
  it('is the greatest position of its appends, in whatever order they are reported', async () => {
    const positions = createRequestPositions();
    const latest = await request(positions, async () => {
      positions.note(at(2));
      await pause();
      positions.note(at(3));
      positions.note(at(1));
      await pause();
      return positions.latest();
    });
    expect(latest).toBe(at(3));
  });

  it('is independent of concurrent requests', async () => {
    const positions = createRequestPositions();
    const noting = (n: number) => async () => {
      await pause();
      positions.note(at(n));
      await pause();
      return positions.latest();
    };
    const reading = async () => {
      await pause();
      await pause();
      return positions.latest();
    };
    const all = [noting(5), reading, noting(4)].map((work) => request(positions, work));
    expect(await Promise.all(all)).toStrictEqual([at(5), undefined, at(4)]);
  });

  it('is undefined outside of a request', () => {
    const positions = createRequestPositions();
    positions.note(at(1));
    expect(positions.latest()).toBeUndefined();
  });
});
