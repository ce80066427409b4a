import { describe, expect, it } from 'vitest';
import { parseSignInIdentifier } from '../../../src/domain/user/sign-in-identifier.ts';

describe('a sign-in identifier', () => {
  it('is read as an address when it contains an at-sign, folded as registered', () =>
    expect(parseSignInIdentifier(' Ann@EXAMPLE.com ')).toStrictEqual({
      kind: 'email',
      value: 'ann@example.com',
    }));

  it('is read as a username otherwise, folded as registered', () =>
    expect(parseSignInIdentifier(' ＡNN ')).toStrictEqual({ kind: 'username', value: 'ann' }));

  it('is read as a username with a full-width at-sign, and so finds no account', () =>
    expect(parseSignInIdentifier('ann＠example.com')).toStrictEqual({
      kind: 'username',
      value: 'ann@example.com',
    }));

  it.each(['ann@', '@', 'ann@example@com', 'ann smith@example.com'])(
    'is refused when it is a malformed address: %j',
    (text) =>
      expect(() => parseSignInIdentifier(text)).toThrow(
        expect.objectContaining({ code: 'email_invalid' }),
      ),
  );
});
