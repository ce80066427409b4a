import { describe, expect, it } from 'vitest';
import { toInstant } from '../../../../src/adapters/postgres/connection/instant-text.ts';

describe('a time as the database writes it', () => {
  it.each([
    ['2026-11-21 14:30:00.123+00', '2026-11-21T14:30:00.123Z'],
    ['2026-11-21 14:30:00.123456+00', '2026-11-21T14:30:00.123Z'],
    ['2026-11-21 20:00:00+05:30', '2026-11-21T14:30:00.000Z'],
    ['0999-12-31 10:00:00+00', '0999-12-31T10:00:00.000Z'],
    ['1800-05-05 00:53:28+00:53:28', '1800-05-05T00:00:00.000Z'],
    ['1800-05-04 23:16:52-00:43:08', '1800-05-05T00:00:00.000Z'],
    ['1800-05-05 00:53:28.5+00:53:28', '1800-05-05T00:00:00.500Z'],
  ])('is converted to an Instant in every time zone: %s', (text, instant) => {
    expect(toInstant(text)).toBe(instant);
  });
});
