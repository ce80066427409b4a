import { describe, expect, it } from 'vitest';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';

describe('the system clock', () => {
  it('returns the time of the machine as an instant', () => {
    const before = new Date().toISOString();
    const now = createSystemClock().now();
    expect(now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(now >= before && now <= new Date().toISOString()).toBe(true);
  });
});
