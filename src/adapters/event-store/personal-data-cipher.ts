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

/** Where an encrypted field stands: its ciphertext is worth nothing anywhere else. */
export type FieldPlace = Readonly<{ stream: string; owner: string; field: string }>;

const associatedData = ({ stream, owner, field }: FieldPlace) => `${owner}\n${stream}\n${field}`;

/** One person's data key, unwrapped. */
export type DataKey = Uint8Array;

export type PersonalDataCipher = ReturnType<typeof createPersonalDataCipher>;

/** Encrypts what belongs to a person, each with a data key of their own, wrapped by `keys`. */
export const createPersonalDataCipher = (keys: KeyRing) => ({
  /** `<key id>.<base64url>`, bound to the subject. */
  createWrappedKey: (subjectId: string): Readonly<{ key: DataKey; wrapped: string }> => {
    const key = randomBytes(32);
    const sealed = seal(keys.current.bytes, key, subjectId);
    return { key, wrapped: `${keys.current.id}.${sealed.toString('base64url')}` };
  },

  /** @throws Error when no master key of ours opens it */
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

  /** @throws Error when the text was altered or stands in another place */
  decrypt: (key: DataKey, text: string, place: FieldPlace): unknown =>
    JSON.parse(open(key, Buffer.from(text, 'base64url'), associatedData(place)).toString('utf8')),
});
