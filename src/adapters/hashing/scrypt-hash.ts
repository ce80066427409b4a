import { type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import {
  type Decode,
  decodeBase64,
  decodeHex,
  decodeText,
  decodeUnpaddedBase64,
} from './stored-bytes.ts';

/** A scrypt hash (RFC 7914) of another system. */
export type ScryptHash = Readonly<{
  scheme: 'scrypt';
  /** Cost, a power of two. */
  N: number;
  /** Block size. */
  r: number;
  /** Parallelism. */
  p: number;
  salt: Buffer;
  key: Buffer;
}>;

// Bounds 128·N·r·p bytes, which is mostly memory and always time (0.7 seconds).
const MAX_WORK = 256 * 1024 * 1024;
// Beyond these, steps outside that formula dominate; common values are 8 and 1 to 16.
const MAX_BLOCK_SIZE = 32;
const MAX_PARALLELISM = 16;

const SALT_BYTES = { min: 1, max: 128 };
const KEY_BYTES = { min: 16, max: 64 };

const PHC =
  /^\$scrypt\$ln=(?<ln>[1-9]\d?),r=(?<r>[1-9]\d?),p=(?<p>[1-9]\d?)\$(?<salt>[A-Za-z0-9+/]+)\$(?<key>[A-Za-z0-9+/]+)$/;
// Salts that are text are printable ASCII without the separator.
const WERKZEUG =
  /^scrypt:(?<N>[1-9]\d{0,7}):(?<r>[1-9]\d?):(?<p>[1-9]\d?)\$(?<salt>[!-#%-~]+)\$(?<key>[0-9a-f]+)$/;
const DJANGO =
  /^scrypt\$(?<N>[1-9]\d{0,7})\$(?<salt>[!-#%-~]+)\$(?<r>[1-9]\d?)\$(?<p>[1-9]\d?)\$(?<key>[A-Za-z0-9+/]+=*)$/;

const FORMATS: readonly Readonly<{ pattern: RegExp; salt: Decode; key: Decode }>[] = [
  { pattern: PHC, salt: decodeUnpaddedBase64, key: decodeUnpaddedBase64 },
  { pattern: WERKZEUG, salt: decodeText, key: decodeHex },
  { pattern: DJANGO, salt: decodeText, key: decodeBase64 },
];

/** RFC 7914, section 2: N is a power of two above 1 and below 2^(128·r/8). */
const isScryptCost = (N: number, r: number): boolean =>
  Number.isInteger(Math.log2(N)) && N > 1 && Math.log2(N) < 16 * r;

const isAffordable = (N: number, r: number, p: number): boolean =>
  128 * N * r * p <= MAX_WORK && r <= MAX_BLOCK_SIZE && p <= MAX_PARALLELISM;

const isWithin = (bytes: Buffer | undefined, { min, max }: typeof KEY_BYTES): bytes is Buffer =>
  bytes !== undefined && bytes.length >= min && bytes.length <= max;

/**
 * Reads `$scrypt$ln=15,r=8,p=1$<salt>$<key>` of passlib and of PHC strings,
 * `scrypt:32768:8:1$<salt>$<key>` of Werkzeug and `scrypt$16384$<salt>$8$5$<key>` of Django.
 * Returns `undefined` for anything else and for too much memory or time.
 */
export const readScryptHash = (text: string): ScryptHash | undefined => {
  for (const format of FORMATS) {
    const groups = format.pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const N = groups.N === undefined ? 2 ** Number(groups.ln) : Number(groups.N);
    const [r, p] = [Number(groups.r), Number(groups.p)];
    const salt = format.salt(groups.salt ?? '');
    const key = format.key(groups.key ?? '');
    if (!isScryptCost(N, r) || !isAffordable(N, r, p)) return undefined;
    if (!isWithin(salt, SALT_BYTES) || !isWithin(key, KEY_BYTES)) return undefined;
    return { scheme: 'scrypt', N, r, p, salt, key };
  }
  return undefined;
};

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** Verifies a password against a scrypt hash, comparing in constant time. */
export const verifyScryptHash = async (
  { N, r, p, salt, key }: ScryptHash,
  password: string,
): Promise<boolean> => {
  // OpenSSL's formula; Node's default of 32 MiB would refuse Werkzeug's parameters.
  const maxmem = 128 * r * (N + p + 2);
  return timingSafeEqual(await derive(password, salt, key.length, { N, r, p, maxmem }), key);
};
