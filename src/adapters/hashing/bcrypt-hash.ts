import { createHash } from 'node:crypto';
import type { BcryptEngine } from './bcrypt-engine.ts';

/** A bcrypt hash that was made elsewhere. */
export type BcryptHash = Readonly<{
  scheme: 'bcrypt';
  /** 60 characters that begin with `$2b$`. */
  hash: string;
  /** Django's `bcrypt_sha256`: what was hashed is the SHA-256 of the password in hexadecimal. */
  prehashed: boolean;
}>;

const BCRYPT =
  /^(?<django>bcrypt\$|bcrypt_sha256\$)?\$2[aby]\$(?<cost>\d\d)\$(?<salt>[./A-Za-z0-9]{22})(?<digest>[./A-Za-z0-9]{31})$/;

const MIN_COST = 4;

// Each step doubles it: 12, the most that is usual, takes 0.2 seconds and 15 takes 1.6, about what
// Argon2's ceiling does.
const MAX_COST = 15;

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Clears the bits of the last character that are beyond the last byte. */
const withoutStrayBits = (text: string, mask: number): string =>
  text.slice(0, -1) + ALPHABET.charAt(ALPHABET.indexOf(text.slice(-1)) & mask);

/**
 * Reads `$2b$12$<salt><digest>`, its equals `$2a$` and `$2y$`, and Django's `bcrypt$$2b$…` and
 * `bcrypt_sha256$$2b$…`. Not `$2x$`: PHP's name for hashes with its sign extension bug.
 * `undefined` for anything else and for a cost that is not affordable.
 */
export const readBcryptHash = (text: string): BcryptHash | undefined => {
  const { django, cost = '', salt = '', digest = '' } = BCRYPT.exec(text)?.groups ?? {};
  if (!(Number(cost) >= MIN_COST && Number(cost) <= MAX_COST)) return undefined;
  if (withoutStrayBits(digest, 0b111100) !== digest) return undefined;
  // passlib before 1.5.3 left stray bits in salts: nothing reads them, but engines refuse them.
  const hash = `$2b$${cost}$${withoutStrayBits(salt, 0b110000)}${digest}`;
  return { scheme: 'bcrypt', hash, prehashed: django === 'bcrypt_sha256$' };
};

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex');

export const verifyBcryptHash = (
  { hash, prehashed }: BcryptHash,
  password: string,
  engine: BcryptEngine,
): Promise<boolean> => engine.verify(hash, prehashed ? sha256Hex(password) : password);
