import { ERASED } from '../../application/kernel/event-store.ts';
import type { DataKey, FieldPlace, PersonalDataCipher } from './personal-data-cipher.ts';

const erasedClient = { ip: ERASED, userAgent: ERASED };
const erasedHolder = { ...erasedClient, agentHash: ERASED };

/** Personal top-level fields, each with what replay yields once its person is erased. */
export type PersonalFields = Readonly<Record<string, unknown>>;

export const personalText = ERASED;
export const personalClient = erasedClient;
export const personalHolder = erasedHolder;

type Encrypted = Readonly<{ $personal: string }>;

const isEncrypted = (value: unknown): value is Encrypted =>
  typeof value === 'object' && value !== null && '$personal' in value;

type Fields = Readonly<Record<string, unknown>>;
type Place = Omit<FieldPlace, 'field'>;

/** A copy with every personal field that has a value encrypted; null says nothing of anybody. */
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

/** The inverse; without a key, tombstones. */
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
