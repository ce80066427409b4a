import { createHash, createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { RefreshTokenCodec } from '../../application/sessions/refresh-token-codec.ts';
import type { DerivedKey, KeyRing } from '../ports/key-ring.ts';

// Bytes: version 1 | key id 1 | family id 16 | generation 4, big endian | salt 16 | tag 32
const PREFIX = 'lkr_';
const VERSION = 1;
const KEY_ID_AT = 1;
const FAMILY_AT = 2;
const GENERATION_AT = 18;
const SALT_AT = 22;
const TAG_AT = 38;
const TOKEN_BYTES = 70;
const TEXT_LENGTH = PREFIX.length + Math.ceil((TOKEN_BYTES * 4) / 3);

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const SALT = /^[\da-f]{32}$/;

const formatUuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

const tagOf = (key: DerivedKey, content: Uint8Array): Buffer =>
  createHmac('sha256', key.bytes).update(content).digest();

/** Accepts only the canonical text of its bytes: another text would have another hash. */
const decode = (token: unknown): Buffer | undefined => {
  if (typeof token !== 'string' || token.length !== TEXT_LENGTH) return undefined;
  if (!token.startsWith(PREFIX)) return undefined;
  const text = token.slice(PREFIX.length);
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === TOKEN_BYTES && bytes.toString('base64url') === text ? bytes : undefined;
};

/**
 * Encodes refresh tokens as `lkr_` and base64url of 70 bytes, the last 32 an HMAC-SHA256 over the
 * rest. A forged token is recognised without I/O, and a genuine one can be derived again instead of
 * stored. `derive` throws a RangeError for an invalid spec, or a key that is not in `keys`.
 */
export const createHmacRefreshTokenCodec = (keys: KeyRing): RefreshTokenCodec => {
  const isGenuine = (bytes: Buffer): boolean => {
    const content = bytes.subarray(0, TAG_AT);
    const tag = bytes.subarray(TAG_AT);
    let genuine = false;
    // All keys are tried, so that the time does not reveal which one matches.
    for (const key of keys.find(bytes.readUInt8(KEY_ID_AT))) {
      genuine = timingSafeEqual(tagOf(key, content), tag) || genuine;
    }
    return genuine;
  };

  return {
    currentKeyId: keys.current.id,

    parse: (token) => {
      const bytes = decode(token);
      if (!bytes || bytes.readUInt8(0) !== VERSION || !isGenuine(bytes)) return undefined;
      return {
        familyId: formatUuid(bytes.toString('hex', FAMILY_AT, GENERATION_AT)),
        generation: bytes.readUInt32BE(GENERATION_AT),
        salt: bytes.toString('hex', SALT_AT, TAG_AT),
      };
    },

    derive: ({ keyId, familyId, generation, salt }) => {
      const [key] = keys.find(keyId);
      if (!key) throw new RangeError(`no refresh key has the id ${keyId}`);
      if (!UUID.test(familyId)) throw new RangeError('a family id is a UUID in lower case');
      if (!SALT.test(salt)) throw new RangeError('a salt is 16 bytes in hex');
      const bytes = Buffer.alloc(TOKEN_BYTES);
      bytes.writeUInt8(VERSION);
      bytes.writeUInt8(keyId, KEY_ID_AT);
      bytes.write(familyId.replaceAll('-', ''), FAMILY_AT, 'hex');
      bytes.writeUInt32BE(generation, GENERATION_AT);
      bytes.write(salt, SALT_AT, 'hex');
      tagOf(key, bytes.subarray(0, TAG_AT)).copy(bytes, TAG_AT);
      const token = PREFIX + bytes.toString('base64url');
      return { token, tokenHash: hash('sha256', token, 'hex') };
    },

    agentHash: (salt, userAgent) =>
      createHash('sha256').update(salt, 'hex').update(userAgent).digest('hex'),
  };
};
