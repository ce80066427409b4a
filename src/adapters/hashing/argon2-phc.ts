/** What an Argon2 hash in PHC string format says of how it was made. Memory `m` is in KiB. */
export type Argon2Parameters = Readonly<{
  algorithm: 'argon2id' | 'argon2i' | 'argon2d';
  /** 19 (0x13) since 2016; 16 before. */
  version: number;
  m: number;
  t: number;
  p: number;
}>;

const PHC =
  /^\$(argon2(?:id|i|d))\$v=(16|19)\$m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,7})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const MAX_PHC_LENGTH = 256;
const SALT_BYTES = { min: 8, max: 64 };
// A tag of a byte or two would let any password in.
const TAG_BYTES = { min: 16, max: 64 };

const isBase64 = (text: string, { min, max }: { min: number; max: number }): boolean => {
  const bytes = Buffer.from(text, 'base64');
  const canonical = bytes.toString('base64').replace(/=+$/, '');
  return canonical === text && bytes.length >= min && bytes.length <= max;
};

/**
 * Reads `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`: parameters in the one order that libargon2
 * writes and reads, unpadded base64, a salt of 8 to 64 and a tag of 16 to 64 bytes.
 * `undefined` for anything else. Says nothing of what computing it would cost.
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
