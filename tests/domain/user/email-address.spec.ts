import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEmailAddress } from '../../../src/domain/user/email-address.ts';

const refusal = expect.objectContaining({ name: 'DomainError', code: 'email_invalid' });
const expectRefused = (text: string) => expect(() => parseEmailAddress(text)).toThrow(refusal);

describe('an e-mail address', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['  ann@example.com\t\r\n', 'ann@example.com'],
    ['Ann.Smith+News@EXAMPLE.Com', 'ann.smith+news@example.com'],
    ["o'hara_1-2{x}|~!#$%&*/=?^`@a-b.example", "o'hara_1-2{x}|~!#$%&*/=?^`@a-b.example"],
    ['root@localhost', 'root@localhost'],
    // NFKC maps full-width letters and the ligature fi to plain letters.
    ['ann＠example.com'.replace('＠', '@').replace('ann', 'ａｎｎ'), 'ann@example.com'],
    ['ﬁona@example.com', 'fiona@example.com'],
    ['ann@ｅｘａｍｐｌｅ．com', 'ann@example.com'],
    // Composed and decomposed, upper and lower case.
    ['ZOË@example.com', 'zoë@example.com'],
    ['ZOE\u0308@example.com', 'zo\u00eb@example.com'],
    ['用户@例子.广告', '用户@例子.广告'],
    // The Kelvin sign is a k.
    ['\u212aim@example.com', 'kim@example.com'],
  ])('%j is normalised to %j', (text, folded) => expect(parseEmailAddress(text)).toBe(folded));

  it.each([
    ['nothing', ''],
    ['only spaces', '   '],
    ['no at-sign', 'ann.example.com'],
    ['two at-signs', 'ann@example@com'],
    ['a quoted at-sign', '"ann@home"@example.com'],
    ['no local part', '@example.com'],
    ['no domain', 'ann@'],
    ['a full-width at-sign', 'ann＠example.com'],
    ['a small at-sign', 'ann﹫example.com'],
    ['a second at-sign in full width', 'ann＠evil.example@example.com'],
    ['a space', 'ann smith@example.com'],
    ['a no-break space', 'ann\u00a0smith@example.com'],
    ['a space that NFKC reveals', 'ann\u00a8@example.com'],
    ['a comma', 'ann@example.com,eve@example.com'],
    ['a comma in full width', 'ann，eve@example.com'],
    ['a semicolon', 'ann;eve@example.com'],
    ['a colon', 'mailto:ann@example.com'],
    ['angle brackets', 'Ann <ann@example.com>'],
    ['parentheses', 'ann(home)@example.com'],
    ['a backslash', 'ann\\@example.com'],
    ['an address literal', 'ann@[192.0.2.1]'],
    ['a line break', 'ann@example.com\nBcc: eve@example.com'],
    ['a carriage return', 'ann\r@example.com'],
    ['a line separator', 'ann\u2028@example.com'],
    ['a NUL', 'ann\u0000@example.com'],
    ['a delete character', 'ann\u007f@example.com'],
    ['a zero-width space', 'ann\u200b@example.com'],
    ['a right-to-left override', 'ann\u202e@example.com'],
    ['a lone surrogate', 'ann\ud800@example.com'],
    ['a private-use character', 'ann\ue000@example.com'],
    ['an ideographic full stop, which is a dot to mail servers', 'ann@example\u3002com'],
    ['a half-width one, which NFKC makes the same', 'ann@example\uff61com'],
    ['an empty label', 'ann@example..com'],
    ['a domain that begins with a dot', 'ann@.example.com'],
    ['a domain that ends with a dot', 'ann@example.com.'],
    ['an empty label that NFKC reveals', 'ann@example.․com'],
  ])('with %s is refused', (_, text) => expectRefused(text));
});

describe('the length of an e-mail address', () => {
  const domain = (length: number) => `${'d'.repeat(length - 4)}.com`;

  it('is at most 64 before the at-sign', () => {
    const longest = `${'a'.repeat(64)}@example.com`;
    expect(parseEmailAddress(longest)).toBe(longest);
    expectRefused(`a${longest}`);
  });

  it('is at most 254 in all', () => {
    const longest = `${'a'.repeat(54)}@${domain(199)}`;
    expect(longest).toHaveLength(254);
    expect(parseEmailAddress(longest)).toBe(longest);
    expectRefused(`a${longest}`);
  });

  it('is that of the folded form, which may be longer', () => {
    const ligature = '\ufdf4'; // four letters in one
    expect(ligature.normalize('NFKC')).toHaveLength(4);
    expect(parseEmailAddress(`${ligature.repeat(16)}@example.com`)).toHaveLength(76);
    expectRefused(`${ligature.repeat(17)}@example.com`);
  });

  it('does not count surrounding spaces', () => {
    const spaces = ' '.repeat(300);
    expect(parseEmailAddress(`${spaces}ann@example.com${spaces}`)).toBe('ann@example.com');
  });
});

// Most graphemes are accepted, most arbitrary code points refused.
const part = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }),
);
const anyAddress = fc.tuple(part, part).map(([local, domain]) => `${local}@${domain}`);

/** Parses an address; undefined when it is refused. */
const parsed = (text: string): string | undefined => {
  try {
    return parseEmailAddress(text);
  } catch (error) {
    expect(error).toStrictEqual(refusal);
    return undefined;
  }
};

describe('any text with an at-sign parsed as an address', () => {
  it('is refused, or results in an address that parses to itself', () => {
    fc.assert(
      fc.property(anyAddress, (text) => {
        const address = parsed(text);
        if (address === undefined) return;
        expect(parseEmailAddress(address)).toBe(address);
        expect(address).toBe(address.normalize('NFKC'));
        expect(address).toMatch(/^[^\s\p{C}@,;<>"]+@[^\s\p{C}@,;<>"]+$/u);
      }),
    );
  });

  it('is the same address in every Unicode form', () => {
    fc.assert(
      fc.property(anyAddress, (text) => {
        fc.pre(text.trim() === text);
        for (const form of ['NFC', 'NFD'] as const) {
          expect(parsed(text.normalize(form))).toBe(parsed(text));
        }
      }),
    );
  });

  it('does not depend on case', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9.+_-]{1,20}$/), (local) => {
        expect(parseEmailAddress(`${local.toUpperCase()}@EXAMPLE.COM`)).toBe(
          `${local}@example.com`,
        );
      }),
    );
  });
});
