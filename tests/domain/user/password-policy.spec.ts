import { describe, expect, it } from 'vitest';
import { requireAcceptablePassword } from '../../../src/domain/user/password-policy.ts';

const refusal = (code: string) => expect.objectContaining({ name: 'DomainError', code });
const check = (password: string) => () => requireAcceptablePassword(password);

describe('a password', () => {
  it.each([
    ['8 letters', 'aaaaaaaa'],
    ['8 spaces', ' '.repeat(8)],
    ['128 letters', 'a'.repeat(128)],
    ['8 emoji', '😀'.repeat(8)],
    ['128 emoji: 512 bytes', '😀'.repeat(128)],
    ['control characters', '\u0000\u0001\u0002\u0003\n\r\t\u007f'],
  ])('is accepted with %s', (_, password) => expect(check(password)).not.toThrow());

  it.each([
    ['nothing', ''],
    ['7 letters', 'aaaaaaa'],
    // 14 UTF-16 units and 28 bytes, but 7 code points.
    ['7 emoji', '😀'.repeat(7)],
  ])('is too short with %s', (_, password) =>
    expect(check(password)).toThrow(refusal('password_too_short')),
  );

  it.each([
    ['129 letters', 'a'.repeat(129)],
    ['129 emoji', '😀'.repeat(129)],
  ])('is too long with %s', (_, password) =>
    expect(check(password)).toThrow(refusal('password_too_long')),
  );
});
