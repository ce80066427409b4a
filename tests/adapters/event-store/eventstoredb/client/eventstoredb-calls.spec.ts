import { setTimeout as reallyPause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createCalls } from '../../../../../src/adapters/event-store/eventstoredb/client/eventstoredb-calls.ts';

// Pauses between attempts are real and do not advance the fake clock.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

it.each([
  { total: 8_000, left: undefined, limits: [3_000, 3_000, 2_000] },
  { total: 8_000, left: 4_000, limits: [3_000, 1_000] },
  { total: 2_000, left: 4_000, limits: [2_000] },
])(
  'a call that is never answered fails after $total ms, or the $left ms that are left',
  async ({ total, left, limits }) => {
    const given: number[] = [];
    const calls = createCalls({
      connect: () => ({}),
      timeouts: { attempt: 3_000, total },
      remaining: () => left,
      closing: new AbortController().signal,
    });
    const begun = performance.now();
    let refusal: unknown;
    const asking = calls
      .callWithRetry((_client, limit) => {
        given.push(limit);
        return new Promise<never>(() => undefined);
      })
      .catch((error: unknown) => {
        refusal = error;
      });
    while (refusal === undefined) {
      if (vi.getTimerCount() > 0) await vi.advanceTimersByTimeAsync(1_000);
      else await reallyPause(1);
    }
    await asking;
    expect(refusal).toMatchObject({ code: 'service_unavailable', retryAfterSeconds: 1 });
    expect(given).toStrictEqual(limits);
    expect(performance.now() - begun).toBe(Math.min(total, left ?? total));
  },
);
