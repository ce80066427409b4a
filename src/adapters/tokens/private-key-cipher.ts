import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { DerivedKey, KeyRing } from '../ports/key-ring.ts';

// Bytes: version 1 | key id 1 | nonce 12 | ciphertext | tag 16
const VERSION = 1;
const NONCE_AT = 2;
const CIPHERTEXT_AT = 14;
const TAG_BYTES = 16;

/** Encrypts private keys at rest. */
export type PrivateKeyCipher = Readonly<{
  /**
   * @returns base64url. `kid` is authenticated as well: a sealed key cannot be moved to another row
   */
  seal(kid: string, privateKey: string): string;
  /**
   * `outdated`: sealed with a key older than the current one.
   * @throws Error when it was not sealed for this `kid` under one of the known keys
   */
  open(kid: string, sealed: string): { privateKey: string; outdated: boolean };
}>;

const openWith = (key: DerivedKey, kid: string, bytes: Buffer): string => {
  const nonce = bytes.subarray(NONCE_AT, CIPHERTEXT_AT);
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(kid));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const opened = decipher.update(bytes.subarray(CIPHERTEXT_AT, -TAG_BYTES));
  return Buffer.concat([opened, decipher.final()]).toString('utf8');
};

/** Encrypts with AES-256-GCM and random nonces, whose limits a few signing keys never reach. */
export const createPrivateKeyCipher = (keys: KeyRing): PrivateKeyCipher => ({
  seal: (kid, privateKey) => {
    const { id, bytes } = keys.current;
    const nonce = randomBytes(CIPHERTEXT_AT - NONCE_AT);
    const cipher = createCipheriv('aes-256-gcm', bytes, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(kid));
    const sealed = [cipher.update(privateKey, 'utf8'), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat([Buffer.of(VERSION, id), nonce, ...sealed]).toString('base64url');
  },

  open: (kid, sealed) => {
    const bytes = Buffer.from(sealed, 'base64url');
    const candidates =
      bytes.length > CIPHERTEXT_AT + TAG_BYTES && bytes[0] === VERSION
        ? keys.find(bytes.readUInt8(1))
        : [];
    for (const key of candidates) {
      try {
        const privateKey = openWith(key, kid, bytes);
        return { privateKey, outdated: !Buffer.from(key.bytes).equals(keys.current.bytes) };
      } catch {
        // Another master key may share the one-byte id: try the next.
      }
    }
    throw new Error(`signing key ${kid} was sealed with another master key, or tampered with`);
  },
});
