import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { PasswordBlocklist } from '../../application/identity/password-blocklist.ts';

/** A JSON array of 49,233 lower-case passwords; importing the package would parse them all. */
const LIST = '@zxcvbn-ts/language-common/src/passwords.json';

const fold = (text: string): string => text.normalize('NFKC').toLowerCase().normalize('NFKC');

/**
 * Loads zxcvbn's list of common passwords, which is compared case-folded and Unicode-normalised.
 * The list stays one text of half a megabyte and is searched linearly, in a fiftieth of the time of
 * a password hash; a set of its entries would take several times the memory.
 */
export const createCommonPasswords = (): PasswordBlocklist => {
  const list = readFileSync(createRequire(import.meta.url).resolve(LIST), 'utf8');
  // The quotes make the search match whole entries only.
  return { holds: (password) => list.includes(JSON.stringify(fold(password))) };
};
