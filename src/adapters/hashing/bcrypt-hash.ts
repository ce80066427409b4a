import { createHash } from 'node:crypto';
import type { BcryptEngine } from './bcrypt-engine.ts';

/** A bcrypt hash of another system. */
export type BcryptHash = Readonly<{
  scheme: 'bcrypt';
  /** 60 characters that begin with `$2b$`. */
  hash: string;
  /** Django's `bcrypt_sha256`: the hash is of the password's SHA-256 in hexadecimal. */
  prehashed: boolean;
}>;

const BCRYPT =
  /^(?<django>bcrypt\$|bcrypt_sha256\$)?\$2[aby]\$(?<cost>\d\d)\$(?<salt>[./A-Za-z0-9]{22})(?<digest>[./A-Za-z0-9]{31})$/;

const MIN_COST = 4;

// Each step doubles the time: 12, the highest usual cost, takes 0.2 seconds, and 15 takes 1.6,
// about as long as Argon2's upper bounds.
const MAX_COST = 15;

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Clears the bits of the last character that are beyond the last byte. */
const withoutStrayBits = (text: string, mask: number): string =>
  text.slice(0, -1) + ALPHABET.charAt(ALPHABET.indexOf(text.slice(-1)) & mask);

/**
 * Reads `$2b$12$<salt><digest>`, its equals `$2a$` and `$2y$`, and Django's `bcrypt$$2b$…` and
 * `bcrypt_sha256$$2b$…`. Not `$2x$`: PHP's name for hashes with its sign extension bug.
 * Returns `undefined` for anything else and for a cost outside the bounds.
 */
export const readBcryptHash = (text: string): BcryptHash | undefined => {
  const { django, cost = '', salt = '', digest = '' } = BCRYPT.exec(text)?.groups ?? {};
  if (!(Number(cost) >= MIN_COST && Number(cost) <= MAX_COST)) return undefined;
  if (withoutStrayBits(digest, 0b111100) !== digest) return undefined;
  // passlib before 1.5.3 left stray bits in salts. They have no effect, but engines refuse them.
  const hash = `$2b$${cost}$${withoutStrayBits(salt, 0b110000)}${digest}`;
  return { scheme: 'bcrypt', hash, prehashed: django === 'bcrypt_sha256$' };
};

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex');

/** Verifies a password against a bcrypt hash. */
export const verifyBcryptHash = (
  { hash, prehashed }: BcryptHash,
  password: string,
  engine: BcryptEngine,
): Promise<boolean> => engine.verify(hash, prehashed ? sha256Hex(password) : password);
