import { describe, expect, it } from 'vitest';
import { createAcceptPassword } from '../../../src/application/identity/accept-password.ts';

describe('a password that a user chooses', () => {
  const asked: string[] = [];
  const accept = createAcceptPassword({
    holds: (password) => {
      asked.push(password);
      return password === 'password1234';
    },
  });

  it('is accepted as it is', () => expect(accept('a horse on a staircase')).toBeUndefined());

  it('is refused when it is common', () =>
    expect(() => accept('password1234')).toThrow(
      expect.objectContaining({ name: 'ApplicationError', code: 'password_too_common' }),
    ));

  it.each([
    ['short', 'password_too_short'],
    ['x'.repeat(129), 'password_too_long'],
  ])('is refused for its length first: %s', (password, code) => {
    asked.length = 0;
    expect(() => accept(password)).toThrow(expect.objectContaining({ name: 'DomainError', code }));
    expect(asked).toStrictEqual([]);
  });
});
