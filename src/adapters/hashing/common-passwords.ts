import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { PasswordBlocklist } from '../../application/identity/password-blocklist.ts';

/** A JSON array of 49,233 passwords in lower case; importing the package would unpack them all. */
const LIST = '@zxcvbn-ts/language-common/src/passwords.json';

const fold = (text: string): string => text.normalize('NFKC').toLowerCase().normalize('NFKC');

/**
 * The list of zxcvbn, compared case-folded and Unicode-normalised. Its text is kept as it stands,
 * half a megabyte, and searched from end to end, which takes a fiftieth of hashing a password; a
 * set of its entries would take several times the memory.
 */
export const createCommonPasswords = (): PasswordBlocklist => {
  const list = readFileSync(createRequire(import.meta.url).resolve(LIST), 'utf8');
  // In quotes, and those in the password escaped: nothing but a whole entry is ever found.
  return { holds: (password) => list.includes(JSON.stringify(fold(password))) };
};
