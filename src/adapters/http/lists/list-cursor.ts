import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { DerivedKey, KeyRing } from '../../ports/key-ring.ts';

// Bytes: version 1 | key id 1 | nonce 12 | ciphertext | tag 16
const VERSION = 1;
const NONCE_AT = 2;
const CIPHERTEXT_AT = 14;
const TAG_BYTES = 16;

const ALGORITHM = 'aes-256-gcm';
const OPTIONS = { authTagLength: TAG_BYTES };

export type ListCursors = Readonly<{
  /**
   * Encrypts the sort keys of a page's last row as base64url.
   * `scope` identifies the list: its route, filter and viewer.
   */
  encode(scope: string, values: readonly string[]): string;
  /** Decrypts a cursor. @returns undefined unless `encode` made it, unchanged, for this `scope` */
  decode(scope: string, cursor: string): readonly string[] | undefined;
}>;

/** Decodes base64url in its canonical form. @returns undefined for other or too short text */
const bytesOf = (cursor: string): Buffer | undefined => {
  const bytes = Buffer.from(cursor, 'base64url');
  const whole = bytes.length > CIPHERTEXT_AT + TAG_BYTES && bytes[0] === VERSION;
  return whole && bytes.toString('base64url') === cursor ? bytes : undefined;
};

const openWith = (key: DerivedKey, scope: string, bytes: Buffer): string | undefined => {
  const nonce = bytes.subarray(NONCE_AT, CIPHERTEXT_AT);
  const decipher = createDecipheriv(ALGORITHM, key.bytes, nonce, OPTIONS);
  decipher.setAAD(Buffer.from(scope)).setAuthTag(bytes.subarray(-TAG_BYTES));
  const opened = decipher.update(bytes.subarray(CIPHERTEXT_AT, -TAG_BYTES));
  try {
    return Buffer.concat([opened, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
};

/**
 * Encrypts cursors with AES-256-GCM and the scope as associated data: sort keys may be personal, and
 * URLs end up in logs. Random nonces allow 2^32 cursors per master key (SP 800-38D, 8.3).
 */
export const createListCursors = (keys: KeyRing): ListCursors => ({
  encode: (scope, values) => {
    const { id, bytes } = keys.current;
    const nonce = randomBytes(CIPHERTEXT_AT - NONCE_AT);
    const cipher = createCipheriv(ALGORITHM, bytes, nonce, OPTIONS).setAAD(Buffer.from(scope));
    const sealed = [cipher.update(JSON.stringify(values)), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat([Buffer.of(VERSION, id), nonce, ...sealed]).toString('base64url');
  },

  decode: (scope, cursor) => {
    const bytes = bytesOf(cursor);
    if (bytes === undefined) return undefined;
    // Two master keys may share a one-byte id, so each of them is tried.
    for (const key of keys.find(bytes.readUInt8(1))) {
      const values = openWith(key, scope, bytes);
      if (values !== undefined) return JSON.parse(values);
    }
    return undefined;
  },
});
