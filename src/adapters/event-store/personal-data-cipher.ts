import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyRing } from '../ports/key-ring.ts';

/** AES-256-GCM with a fresh 96-bit nonce: nonce (12), ciphertext, tag (16). */
const ALGORITHM = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

const seal = (key: Uint8Array, plain: Uint8Array, associated: string): Buffer => {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(associated));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};

/** @throws Error when key, text or associated data do not belong together */
const open = (key: Uint8Array, sealed: Buffer, associated: string): Buffer => {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE))
    .setAAD(Buffer.from(associated))
    .setAuthTag(sealed.subarray(-TAG));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
};

/**
 * The location of an encrypted field. It is authenticated: the ciphertext decrypts nowhere else.
 */
export type FieldPlace = Readonly<{ stream: string; owner: string; field: string }>;

const associatedData = ({ stream, owner, field }: FieldPlace) => `${owner}\n${stream}\n${field}`;

/** The unwrapped data key of one subject. */
export type DataKey = Uint8Array;

/** Encrypts personal data with wrapped data keys; see `createPersonalDataCipher`. */
export type PersonalDataCipher = ReturnType<typeof createPersonalDataCipher>;

/** Encrypts personal data under one data key per subject; `keys` wrap the data keys. */
export const createPersonalDataCipher = (keys: KeyRing) => ({
  /** Creates a data key; `wrapped` is `<key id>.<base64url>` and bound to the subject. */
  createWrappedKey: (subjectId: string): Readonly<{ key: DataKey; wrapped: string }> => {
    const key = randomBytes(32);
    const sealed = seal(keys.current.bytes, key, subjectId);
    return { key, wrapped: `${keys.current.id}.${sealed.toString('base64url')}` };
  },

  /** @throws Error when none of the configured master keys decrypts it */
  unwrapKey: (subjectId: string, wrapped: string): DataKey => {
    const [id = '', sealed = ''] = wrapped.split('.');
    for (const { bytes } of keys.find(Number(id))) {
      try {
        return open(bytes, Buffer.from(sealed, 'base64url'), subjectId);
      } catch {
        // Another master key may share the id.
      }
    }
    throw new Error(`no master key opens the data key of ${subjectId}`);
  },

  encrypt: (key: DataKey, value: unknown, place: FieldPlace): string =>
    seal(key, Buffer.from(JSON.stringify(value)), associatedData(place)).toString('base64url'),

  /** @throws Error when the text was altered or moved to another location */
  decrypt: (key: DataKey, text: string, place: FieldPlace): unknown =>
    JSON.parse(open(key, Buffer.from(text, 'base64url'), associatedData(place)).toString('utf8')),
});
