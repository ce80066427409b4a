import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldUsername, parseUsername } from '../../../src/domain/user/username.ts';

const refusal = expect.objectContaining({ name: 'DomainError', code: 'username_invalid' });
const expectRefused = (text: string) => expect(() => parseUsername(text)).toThrow(refusal);

describe('a username', () => {
  it.each([
    ['ann', 'ann'],
    ['  Ann\n', 'ann'],
    ['Ann.Smith_2-x', 'ann.smith_2-x'],
    ['4nn', '4nn'],
    ['ａｎｎ', 'ann'],
    ['ﬁona', 'fiona'],
    ['ZOE\u0308', 'zo\u00eb'],
    ['Ωμέγα', 'ωμέγα'],
    ['安娜安', '安娜安'],
    // Vowel signs are marks, and part of a word.
    ['सीता', 'सीता'],
    ['\u212aim', 'kim'],
  ])('%j is normalised to %j', (text, folded) => expect(parseUsername(text)).toBe(folded));

  it.each([
    ['nothing', ''],
    ['an at-sign', 'ann@home'],
    ['an at-sign in full width', 'ann＠home'],
    ['a space', 'ann smith'],
    ['a slash', 'ann/admin'],
    ['a line break', 'ann\nsmith'],
    ['a NUL', 'ann\u0000'],
    ['a zero-width joiner', 'an\u200dn'],
    ['a right-to-left override', 'ann\u202e'],
    ['a lone surrogate', 'ann\ud800'],
    ['an emoji', 'ann😀'],
    ['a dot at its beginning', '.ann'],
    ['a dot at its end', 'ann.'],
    ['a mark at its beginning', '\u0308ann'],
  ])('with %s is refused', (_, text) => expectRefused(text));

  it('has at least 3 characters', () => {
    expectRefused('an');
    expect(parseUsername('ann')).toBe('ann');
  });

  it('has at most 32 characters of any script', () => {
    expect(parseUsername('a'.repeat(32))).toHaveLength(32);
    expectRefused('a'.repeat(33));
    // Outside the basic plane: two UTF-16 units each.
    expect(parseUsername('𐐨'.repeat(32))).toHaveLength(64);
    expectRefused('𐐨'.repeat(33));
  });
});

const parsed = (text: string): string | undefined => {
  try {
    return parseUsername(text);
  } catch (error) {
    expect(error).toStrictEqual(refusal);
    return undefined;
  }
};

describe('any text parsed as a username', () => {
  // Many graphemes are accepted, most arbitrary code points refused.
  const anyText = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 3, maxLength: 6 }),
    fc.string({ unit: 'binary', minLength: 3, maxLength: 4 }),
  );

  it('is refused, or results in a username that parses to itself', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const username = parsed(text);
        if (username === undefined) return;
        expect(parseUsername(username)).toBe(username);
        expect(foldUsername(username)).toBe(username);
        expect(username).toMatch(/^[^\s\p{C}@]{3,32}$/u);
      }),
    );
  });

  it('is the same username in every Unicode form', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        fc.pre(text.trim() === text);
        for (const form of ['NFC', 'NFD'] as const) {
          expect(parsed(text.normalize(form))).toBe(parsed(text));
        }
      }),
    );
  });
});
