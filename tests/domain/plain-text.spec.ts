import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHouseholdName } from '../../src/domain/household/household-name.ts';
import { parsePlainText } from '../../src/domain/plain-text.ts';
import { parseDisplayName } from '../../src/domain/user/display-name.ts';

describe.each([
  { what: 'a display name', parse: parseDisplayName, code: 'display_name_invalid' },
  { what: 'a household name', parse: parseHouseholdName, code: 'household_name_invalid' },
])('$what', ({ parse, code }) => {
  it.each([
    ['Ann', 'Ann'],
    ['  Ann Smith \n', 'Ann Smith'],
    ["Ann O'Hara <ann@example.com>", "Ann O'Hara <ann@example.com>"],
    ['Zoe\u0308', 'Zo\u00eb'],
    // Full-width letters remain: a name is shown, not compared.
    ['Ａnn', 'Ａnn'],
    ['👩‍👩‍👧 Ann', '👩‍👩‍👧 Ann'],
    ['عائلة', 'عائلة'],
  ])('keeps %j as %j', (text, kept) => expect(parse(text)).toBe(kept));

  it.each([
    ['nothing', ''],
    ['only spaces', ' \t\n '],
    ['a NUL', 'Ann\u0000'],
    ['an escape', '\u001b[31mAnn'],
    ['a line break', 'Ann\nBcc: eve@example.com'],
    ['a carriage return', 'Ann\rSmith'],
    ['a tab', 'Ann\tSmith'],
    ['a delete character', 'Ann\u007f'],
    ['a C1 control character', 'Ann\u0085Smith'],
    ['a line separator', 'Ann\u2028Smith'],
    ['a paragraph separator', 'Ann\u2029Smith'],
  ])('refuses %s', (_, text) =>
    expect(() => parse(text)).toThrow(expect.objectContaining({ name: 'DomainError', code })),
  );

  it('has at most 100 characters, counted in code points', () => {
    expect(parse('a'.repeat(100))).toHaveLength(100);
    expect(parse('😀'.repeat(100))).toHaveLength(200);
    expect(() => parse('a'.repeat(101))).toThrow(expect.objectContaining({ code }));
    expect(() => parse('😀'.repeat(101))).toThrow(expect.objectContaining({ code }));
  });
});

describe('any text parsed as a line of plain text', () => {
  it('is refused, or results in one line that parses to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        const kept = parsePlainText(text, 8);
        if (kept === undefined) return;
        expect(parsePlainText(kept, 8)).toBe(kept);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
        expect(kept).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        expect([...kept].length).toBeLessThanOrEqual(8);
      }),
    );
  });
});
