import { fc, it } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { createUuidV7, formatUuid } from '../../../src/adapters/system/uuid-v7.ts';

const VERSION_7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

const timeOf = (uuid: Uint8Array): number => Buffer.from(uuid).readUIntBE(0, 6);

/** A clock that returns these times one after the other and then stops. */
const clockOf = (times: readonly number[]) => {
  let index = 0;
  return () => times[Math.min(index++, times.length - 1)] ?? 0;
};

const texts = (times: readonly number[], count: number): string[] => {
  const next = createUuidV7(clockOf(times));
  return Array.from({ length: count }, () => formatUuid(next()));
};

const isStrictlyIncreasing = (ids: readonly string[]): boolean =>
  ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? ''));

describe('a UUIDv7', () => {
  it('carries version, variant and the milliseconds of the clock', () => {
    const uuid = createUuidV7(() => 1_785_000_123_456)();
    expect(formatUuid(uuid)).toMatch(VERSION_7);
    expect(timeOf(uuid)).toBe(1_785_000_123_456);
  });

  it('follows the clock of the machine by default', () => {
    const before = Date.now();
    const time = timeOf(createUuidV7()());
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  it('differs between two generators within one millisecond', () => {
    const ids = Array.from({ length: 1000 }, () => formatUuid(createUuidV7(() => 1)()));
    expect(new Set(ids).size).toBe(1000);
  });

  it('holds 62 fresh random bits', () => {
    const next = createUuidV7(() => 1);
    const tails = Array.from({ length: 1000 }, () => formatUuid(next()).slice(19));
    expect(new Set(tails).size).toBe(1000);
  });
});

describe('consecutive UUIDv7', () => {
  it.prop([fc.array(fc.nat({ max: 2 ** 40 }), { minLength: 1, maxLength: 200 })])(
    'increase, however the clock jumps',
    (times) => {
      expect(isStrictlyIncreasing(texts(times, times.length + 50))).toBe(true);
    },
  );

  it('increase when one millisecond needs more than the counter holds', () => {
    const ids = texts([1000], 10_000);
    expect(isStrictlyIncreasing(ids)).toBe(true);
    expect(ids.every((id) => VERSION_7.test(id))).toBe(true);
  });

  it('return to the clock once it has caught up', () => {
    const next = createUuidV7(clockOf([5000, 1000, 6000]));
    expect([next(), next(), next()].map(timeOf)).toStrictEqual([5000, 5000, 6000]);
  });
});

describe('formatting a UUID', () => {
  it('writes the groups of RFC 9562', () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, index) => index * 17);
    expect(formatUuid(bytes)).toBe('00112233-4455-6677-8899-aabbccddeeff');
  });

  it('refuses another number of bytes', () => {
    expect(() => formatUuid(new Uint8Array(15))).toThrow(RangeError);
  });
});
