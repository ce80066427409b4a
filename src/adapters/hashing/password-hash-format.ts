import { type Argon2Hash, readArgon2Hash } from './argon2-phc.ts';
import { type BcryptHash, readBcryptHash } from './bcrypt-hash.ts';
import { type Pbkdf2Hash, readPbkdf2Hash } from './pbkdf2-hash.ts';
import { readScryptHash, type ScryptHash } from './scrypt-hash.ts';

/** A stored hash in a known format whose cost is within the bounds. */
export type PasswordHash = Argon2Hash | BcryptHash | Pbkdf2Hash | ScryptHash;

// No text is read by two of them.
const READERS = [readArgon2Hash, readBcryptHash, readPbkdf2Hash, readScryptHash];

const MAX_LENGTH = 512;

/** Parses a stored hash; `undefined` for a text that must match no password. */
export const readPasswordHash = (text: string): PasswordHash | undefined => {
  if (text.length > MAX_LENGTH) return undefined;
  for (const read of READERS) {
    const hash = read(text);
    if (hash !== undefined) return hash;
  }
  return undefined;
};

/** Whether any password can match the stored hash `text`. Computes no hash. */
export const isReadableHash = (text: string): boolean => readPasswordHash(text) !== undefined;
