import { type Argon2Hash, readArgon2Hash } from './argon2-phc.ts';
import { type BcryptHash, readBcryptHash } from './bcrypt-hash.ts';
import { type Pbkdf2Hash, readPbkdf2Hash } from './pbkdf2-hash.ts';
import { readScryptHash, type ScryptHash } from './scrypt-hash.ts';

/** A stored hash whose format is right and whose computing is affordable. */
export type PasswordHash = Argon2Hash | BcryptHash | Pbkdf2Hash | ScryptHash;

// No two of them read the same text.
const READERS = [readArgon2Hash, readBcryptHash, readPbkdf2Hash, readScryptHash];

const MAX_LENGTH = 512;

/** `undefined` for anything that is to match no password. */
export const readPasswordHash = (text: string): PasswordHash | undefined => {
  if (text.length > MAX_LENGTH) return undefined;
  for (const read of READERS) {
    const hash = read(text);
    if (hash !== undefined) return hash;
  }
  return undefined;
};

/** Whether a password can ever match `text`. Computes nothing. */
export const isReadableHash = (text: string): boolean => readPasswordHash(text) !== undefined;
