import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLocale } from '../../../src/domain/user/locale.ts';

const refusal = expect.objectContaining({ name: 'DomainError', code: 'locale_invalid' });

describe('a locale', () => {
  it.each(['en', 'de', 'gsw', 'en-GB', 'de-CH-1996', 'zh-Hant-TW', 'sr-Latn-RS', 'DE-at'])(
    'is a language tag, kept as it was written: %s',
    (tag) => expect(parseLocale(tag)).toBe(tag),
  );

  it.each([
    '',
    'e',
    'engl',
    'en_GB',
    'en-',
    '-en',
    'en--GB',
    ' en',
    'en\n',
    'en-GB\r\nBcc: x@example.com',
    'en-a',
    'en-toolongsubtag',
    'en-aa-bb-cc-dd-ee',
    '../../etc/passwd',
    'dé',
    '*',
  ])('is refused when malformed: %j', (text) => expect(() => parseLocale(text)).toThrow(refusal));

  it('never contains separators of headers or paths, and is never long', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        try {
          expect(parseLocale(text)).toMatch(/^[A-Za-z0-9-]{2,39}$/);
        } catch (error) {
          expect(error).toStrictEqual(refusal);
        }
      }),
    ));
});
