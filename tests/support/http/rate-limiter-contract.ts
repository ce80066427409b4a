import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RateLimiter } from '../../../src/adapters/http/access/rate-limits.ts';
import { skipSeconds, times } from '../servers/running-app.ts';

export const allowed = { allowed: true } as const;
export const refused = (retryAfterSeconds: number) =>
  ({ allowed: false, retryAfterSeconds }) as const;

/** The contract of every `RateLimiter`. `limiter` returns one whose limits may be used up already. */
export const describeRateLimiter = (name: string, limiter: () => RateLimiter): void => {
  describe(`${name}, over a window`, () => {
    const limit = { points: 3, seconds: 60 };
    let tests = 0;
    let key = '';
    const consume = () => limiter().consume(key, limit);

    beforeEach(() => {
      tests += 1;
      key = `contract ${tests}`;
      skipSeconds(0);
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it('allows the points of the limit and refuses the rest', async () => {
      expect([await consume(), await consume(), await consume()]).toStrictEqual(
        Array(3).fill(allowed),
      );
      expect([await consume(), await consume()]).toStrictEqual([refused(60), refused(60)]);
    });

    it('allows exactly the points of the limit to concurrent requests', async () => {
      const answers = await times(20, consume);
      expect(answers.filter((answer) => answer.allowed)).toHaveLength(3);
      expect(answers.filter((answer) => !answer.allowed)).toStrictEqual(
        Array(17).fill(refused(60)),
      );
    });

    it('counts every key separately', async () => {
      await times(4, consume);
      expect(await limiter().consume(`${key}, another`, limit)).toStrictEqual(allowed);
    });

    it('returns the whole seconds after which a request is allowed again', async () => {
      await consume();
      skipSeconds(10.4);
      await times(2, consume);
      expect(await consume()).toStrictEqual(refused(50));
      skipSeconds(49.5);
      expect(await consume()).toStrictEqual(refused(1));
      skipSeconds(0.1);
      expect(await consume()).toStrictEqual(allowed);
    });

    it('starts a new window after the previous one, however often it refused meanwhile', async () => {
      await times(10, consume);
      skipSeconds(60);
      expect((await times(4, consume)).filter((answer) => answer.allowed)).toHaveLength(3);
      expect(await consume()).toStrictEqual(refused(60));
    });
  });
};
