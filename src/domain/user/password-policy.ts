import { DomainError } from '../domain-error.ts';

const MIN_CHARACTERS = 8;
const MAX_CHARACTERS = 128;

/** Length counts code points, as a person would; composition rules only push people to weak habits. */
export const requireAcceptablePassword = (password: string): void => {
  const characters = [...password].length;
  if (characters < MIN_CHARACTERS) throw new DomainError('password_too_short');
  // 128 code points are at most 512 bytes of UTF-8, so one bound serves both.
  if (characters > MAX_CHARACTERS) throw new DomainError('password_too_long');
};
