import { ERASED } from '../../application/kernel/event-store.ts';
import type { DataKey, FieldPlace, PersonalDataCipher } from './personal-data-cipher.ts';

const erasedClient = { ip: ERASED, userAgent: ERASED };
const erasedHolder = { ...erasedClient, agentHash: ERASED };

/**
 * Personal top-level fields, each with the tombstone that reading yields once its subject is
 * erased.
 */
export type PersonalFields = Readonly<Record<string, unknown>>;

/** Tombstone of a personal text. */
export const personalText = ERASED;
/** Tombstone of a client: IP address and user agent. */
export const personalClient = erasedClient;
/** Tombstone of the holder of a token family: a client and its user agent's hash. */
export const personalHolder = erasedHolder;

type Encrypted = Readonly<{ $personal: string }>;

const isEncrypted = (value: unknown): value is Encrypted =>
  typeof value === 'object' && value !== null && '$personal' in value;

type Fields = Readonly<Record<string, unknown>>;
type Place = Omit<FieldPlace, 'field'>;

/** Returns a copy with every personal field encrypted; null stays, since it reveals nothing. */
export const encryptPersonalFields = (
  cipher: PersonalDataCipher,
  key: DataKey,
  personal: PersonalFields,
  data: Fields,
  place: Place,
): Fields => {
  const copy: Record<string, unknown> = { ...data };
  for (const field of Object.keys(personal)) {
    const value = data[field];
    if (value === null || value === undefined) continue;
    copy[field] = { $personal: cipher.encrypt(key, value, { ...place, field }) };
  }
  return copy;
};

/**
 * Returns a copy with every personal field decrypted, or replaced by its tombstone without a key.
 */
export const decryptPersonalFields = (
  cipher: PersonalDataCipher,
  key: DataKey | undefined,
  personal: PersonalFields,
  data: Fields,
  place: Place,
): Fields => {
  const copy: Record<string, unknown> = { ...data };
  for (const [field, tombstone] of Object.entries(personal)) {
    const value = data[field];
    if (!isEncrypted(value)) continue;
    copy[field] =
      key === undefined ? tombstone : cipher.decrypt(key, value.$personal, { ...place, field });
  }
  return copy;
};
