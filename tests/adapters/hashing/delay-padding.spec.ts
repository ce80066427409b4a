import { describe, expect, it } from 'vitest';
import { createDelayPadding } from '../../../src/adapters/hashing/delay-padding.ts';

describe('the delay padding of refusals', () => {
  it('is zero until a hash of another system was refused', () => {
    expect(createDelayPadding().rest(10)).toBe(0);
  });

  it('fills up to the slowest one, and is zero for slower refusals', () => {
    const pace = createDelayPadding();
    for (const took of [200, 700, 300]) pace.observe(took);
    expect([0, 100, 699, 700, 900].map(pace.rest)).toStrictEqual([700, 600, 1, 0, 0]);
  });

  it('drops the slowest one after twenty others', () => {
    const pace = createDelayPadding();
    pace.observe(700);
    for (let n = 0; n < 19; n += 1) pace.observe(200);
    expect(pace.rest(0)).toBe(700);
    pace.observe(200);
    expect(pace.rest(0)).toBe(200);
  });

  it('never exceeds two seconds', () => {
    const pace = createDelayPadding();
    pace.observe(60_000);
    expect(pace.rest(100)).toBe(2_000);
  });
});
