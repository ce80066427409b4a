import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import {
  type Decode,
  decodeBase64,
  decodeHex,
  decodeText,
  decodeUnpaddedBase64,
} from './stored-bytes.ts';

/** A PBKDF2 hash (RFC 8018, with HMAC) of another system. */
export type Pbkdf2Hash = Readonly<{
  scheme: 'pbkdf2';
  digest: keyof typeof DIGEST_BYTES;
  iterations: number;
  salt: Buffer;
  /** Between 16 bytes and the digest's length, so that each iteration computes one digest. */
  key: Buffer;
}>;

const DIGEST_BYTES = { sha1: 20, sha256: 32, sha512: 64 } as const;

// About a second with SHA-512; Django 6.0 uses 1,200,000 with SHA-256.
const MAX_ITERATIONS = 2_000_000;

const MIN_KEY_BYTES = 16;
const MAX_SALT_BYTES = 128;

// Salts that are text are printable ASCII without the separator.
const PASSLIB =
  /^\$pbkdf2(?:-(?<digest>sha256|sha512))?\$(?<iterations>[1-9]\d{0,7})\$(?<salt>[A-Za-z0-9./]+)\$(?<key>[A-Za-z0-9./]+)$/;
const DJANGO =
  /^pbkdf2_(?<digest>sha1|sha256)\$(?<iterations>[1-9]\d{0,7})\$(?<salt>[!-#%-~]+)\$(?<key>[A-Za-z0-9+/]+=*)$/;
const WERKZEUG =
  /^pbkdf2:(?<digest>sha1|sha256|sha512):(?<iterations>[1-9]\d{0,7})\$(?<salt>[!-#%-~]+)\$(?<key>[0-9a-f]+)$/;

/** passlib's own base64: '.' stands for '+', and there is no padding. */
const decodePasslib: Decode = (text) => decodeUnpaddedBase64(text.replaceAll('.', '+'));

const FORMATS: readonly Readonly<{ pattern: RegExp; salt: Decode; key: Decode }>[] = [
  { pattern: PASSLIB, salt: decodePasslib, key: decodePasslib },
  { pattern: DJANGO, salt: decodeText, key: decodeBase64 },
  { pattern: WERKZEUG, salt: decodeText, key: decodeHex },
];

const isDigest = (name: string): name is keyof typeof DIGEST_BYTES => name in DIGEST_BYTES;

/**
 * Reads `$pbkdf2-sha256$29000$<salt>$<key>` of passlib (`$pbkdf2$` is SHA-1),
 * `pbkdf2_sha256$260000$<salt>$<key>` of Django and `pbkdf2:sha256:600000$<salt>$<key>` of
 * Werkzeug, which has always written the iterations down, even where its caller left them out.
 * Returns `undefined` for anything else and for too many iterations.
 */
export const readPbkdf2Hash = (text: string): Pbkdf2Hash | undefined => {
  for (const format of FORMATS) {
    const groups = format.pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const digest = groups.digest ?? 'sha1';
    const iterations = Number(groups.iterations);
    const salt = format.salt(groups.salt ?? '');
    const key = format.key(groups.key ?? '');
    if (!isDigest(digest) || salt === undefined || key === undefined) return undefined;
    if (iterations > MAX_ITERATIONS || salt.length > MAX_SALT_BYTES) return undefined;
    if (key.length < MIN_KEY_BYTES || key.length > DIGEST_BYTES[digest]) return undefined;
    return { scheme: 'pbkdf2', digest, iterations, salt, key };
  }
  return undefined;
};

const derive = promisify(pbkdf2);

/** Verifies a password against a PBKDF2 hash, comparing in constant time. */
export const verifyPbkdf2Hash = async (
  { digest, iterations, salt, key }: Pbkdf2Hash,
  password: string,
): Promise<boolean> =>
  timingSafeEqual(await derive(password, salt, iterations, key.length, digest), key);
