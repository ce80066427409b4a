import { describe, expect, it } from 'vitest';
import { parseSignInIdentifier } from '../../../src/domain/user/sign-in-identifier.ts';

describe('what a user signs in with', () => {
  it('is an address when it holds an at-sign, in the form it was registered in', () =>
    expect(parseSignInIdentifier(' Ann@EXAMPLE.com ')).toStrictEqual({
      kind: 'email',
      value: 'ann@example.com',
    }));

  it('is a username otherwise, in the form it was registered in', () =>
    expect(parseSignInIdentifier(' ＡNN ')).toStrictEqual({ kind: 'username', value: 'ann' }));

  it('is no address with a full-width at-sign, and so finds no account', () =>
    expect(parseSignInIdentifier('ann＠example.com')).toStrictEqual({
      kind: 'username',
      value: 'ann@example.com',
    }));

  it.each(['ann@', '@', 'ann@example@com', 'ann smith@example.com'])(
    'is refused when it only looks like an address: %j',
    (text) =>
      expect(() => parseSignInIdentifier(text)).toThrow(
        expect.objectContaining({ code: 'email_invalid' }),
      ),
  );
});
