import { DomainError } from '../domain-error.ts';

const MIN_CHARACTERS = 8;
const MAX_CHARACTERS = 128;

/**
 * Checks the length in code points. Composition rules are left out: they lead to weaker passwords.
 * @throws DomainError `password_too_short`, `password_too_long`
 */
export const requireAcceptablePassword = (password: string): void => {
  const characters = [...password].length;
  if (characters < MIN_CHARACTERS) throw new DomainError('password_too_short');
  // 128 code points are at most 512 bytes of UTF-8, so this limits the bytes as well.
  if (characters > MAX_CHARACTERS) throw new DomainError('password_too_long');
};
