import { DomainError } from '../domain-error.ts';
import { parsePlainText } from '../plain-text.ts';

const MAX_CHARACTERS = 100;

/**
 * Normalises a display name: one line, at most 100 characters.
 * @throws DomainError `display_name_invalid`
 */
export const parseDisplayName = (text: string): string => {
  const name = parsePlainText(text, MAX_CHARACTERS);
  if (name === undefined) throw new DomainError('display_name_invalid');
  return name;
};
