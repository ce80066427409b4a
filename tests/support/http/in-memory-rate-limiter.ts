import type { RateLimiter } from '../../../src/adapters/http/access/rate-limits.ts';

export type InMemoryRateLimiter = RateLimiter &
  Readonly<{
    /** The keys counted so far, in order. */
    keys: readonly string[];
  }>;

/** A rate limiter for one process, in place of the one in PostgreSQL. */
export const createInMemoryRateLimiter = (): InMemoryRateLimiter => {
  const windows = new Map<string, { count: number; end: number }>();
  const keys: string[] = [];
  return {
    keys,
    consume: async (key, { points, seconds }) => {
      keys.push(key);
      const now = Date.now();
      const open = windows.get(key);
      const running = open !== undefined && open.end > now;
      const { count, end } = running ? open : { count: 0, end: now + seconds * 1_000 };
      windows.set(key, { count: count + 1, end });
      if (count < points) return { allowed: true };
      return { allowed: false, retryAfterSeconds: Math.ceil((end - now) / 1_000) };
    },
  };
};
