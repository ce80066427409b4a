import { decodeUnpaddedBase64 } from './stored-bytes.ts';

/** The parameters of an Argon2 hash in PHC string format. Memory `m` is in KiB. */
export type Argon2Parameters = Readonly<{
  algorithm: 'argon2id' | 'argon2i' | 'argon2d';
  /** 19 (0x13) since 2016, 16 before. */
  version: number;
  m: number;
  t: number;
  p: number;
}>;

const PHC =
  /^\$(argon2(?:id|i|d))\$v=(16|19)\$m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,7})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const MAX_PHC_LENGTH = 256;
const SALT_BYTES = { min: 8, max: 64 };
// A tag of one or two bytes would match many passwords.
const TAG_BYTES = { min: 16, max: 64 };

const isBase64 = (text: string, { min, max }: { min: number; max: number }): boolean => {
  const bytes = decodeUnpaddedBase64(text);
  return bytes !== undefined && bytes.length >= min && bytes.length <= max;
};

/**
 * Reads `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`: parameters in the one order that libargon2
 * writes and reads, unpadded base64, a salt of 8 to 64 and a tag of 16 to 64 bytes.
 * Returns `undefined` for anything else. Does not check the cost of computing the hash.
 */
export const parseArgon2Phc = (text: string): Argon2Parameters | undefined => {
  if (text.length > MAX_PHC_LENGTH) return undefined;
  const [, algorithm, version, m, t, p, salt = '', tag = ''] = PHC.exec(text) ?? [];
  if (algorithm !== 'argon2id' && algorithm !== 'argon2i' && algorithm !== 'argon2d') {
    return undefined;
  }
  if (!isBase64(salt, SALT_BYTES) || !isBase64(tag, TAG_BYTES)) return undefined;
  return { algorithm, version: Number(version), m: Number(m), t: Number(t), p: Number(p) };
};

/** An Argon2 hash of this or another system. */
export type Argon2Hash = Readonly<{ scheme: 'argon2'; phc: string; parameters: Argon2Parameters }>;

/** Upper bounds on the parameters of a stored hash. Memory in KiB. */
const COST_CEILING = { m: 256 * 1024, t: 16, p: 16 } as const;

// Argon2's own minimum (RFC 9106, section 3.1): engines refuse less.
const MIN_KIB_PER_LANE = 8;

const isComputable = ({ m, t, p }: Argon2Parameters): boolean =>
  m >= MIN_KIB_PER_LANE * p && m <= COST_CEILING.m && t <= COST_CEILING.t && p <= COST_CEILING.p;

/**
 * Reads a PHC string, or Django's `argon2$argon2id$…`, which only lacks the first `$`. Returns
 * `undefined` for anything else and for parameters above the upper bounds.
 */
export const readArgon2Hash = (text: string): Argon2Hash | undefined => {
  const phc = text.replace(/^argon2\$/, '$');
  const parameters = parseArgon2Phc(phc);
  if (parameters === undefined || !isComputable(parameters)) return undefined;
  return { scheme: 'argon2', phc, parameters };
};
