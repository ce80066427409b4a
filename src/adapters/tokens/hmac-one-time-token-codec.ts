import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { OneTimeTokenCodec } from '../../application/identity/one-time-token-codec.ts';
import type { KeyRing } from '../ports/key-ring.ts';

const BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/; // 32 bytes as base64url

const derive = (key: Uint8Array, id: string): string =>
  createHmac('sha256', key).update(id).digest('base64url');

const hash = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * Derives one-time tokens by HMAC-SHA256 over 32 random bytes. A token is as unpredictable as those
 * and is derived again for its mail, so that no usable token is ever stored.
 */
export const createHmacOneTimeTokenCodec = (keys: KeyRing): OneTimeTokenCodec => ({
  mint: () => {
    const { id: keyId, bytes } = keys.current;
    const id = randomBytes(BYTES).toString('hex');
    return { id, keyId, tokenHash: hash(derive(bytes, id)) };
  },
  derive: ({ id, keyId, tokenHash }) =>
    // Two master keys may share an id.
    keys
      .find(keyId)
      .map(({ bytes }) => derive(bytes, id))
      .find((token) => hash(token) === tokenHash),
  hash: (token) => (TOKEN.test(token) ? hash(token) : undefined),
});
