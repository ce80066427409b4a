import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earliest, plusSeconds, secondsBetween } from '../../src/domain/instant.ts';

const noon = '2026-03-01T12:00:00.000Z';

const milliseconds = fc.integer({ min: 0, max: Date.parse('2200-01-01T00:00:00.000Z') });
const instant = milliseconds.map((ms) => new Date(ms).toISOString());

describe('an instant', () => {
  it('moves by seconds, forwards and backwards', () => {
    expect(plusSeconds(noon, 30)).toBe('2026-03-01T12:00:30.000Z');
    expect(plusSeconds(noon, 0.5)).toBe('2026-03-01T12:00:00.500Z');
    expect(plusSeconds(noon, -43_200)).toBe('2026-03-01T00:00:00.000Z');
    expect(plusSeconds('2028-02-28T23:59:59.999Z', 1)).toBe('2028-02-29T00:00:00.999Z');
  });

  it('is a number of whole seconds before a later one', () => {
    expect(secondsBetween(noon, '2026-03-01T12:00:01.999Z')).toBe(1);
    expect(secondsBetween(noon, noon)).toBe(0);
  });

  it('is 0 seconds before an earlier one', () => {
    expect(secondsBetween(noon, '2026-03-01T11:00:00.000Z')).toBe(0);
  });

  it('sorts as text in the order of time', () => {
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        expect(earliest(a, b)).toBe(Date.parse(a) <= Date.parse(b) ? a : b);
        expect(earliest(a, b)).toBe(earliest(b, a));
      }),
    );
  });

  it('is as many seconds away as it was moved by', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 10_000_000 }), (from, seconds) => {
        expect(secondsBetween(from, plusSeconds(from, seconds))).toBe(seconds);
      }),
    );
  });
});
