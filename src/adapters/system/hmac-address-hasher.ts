import { createHmac } from 'node:crypto';
import type { AddressHasher } from '../../application/identity/address-hasher.ts';
import type { DerivedKeyRing } from './master-key.ts';

/**
 * Hashes addresses under a key: the hash stays in the log, and a plain one could be reversed by
 * guessing.
 */
export const createHmacAddressHasher =
  ({ current, earlier }: DerivedKeyRing): AddressHasher =>
  (email) => {
    const hash = (key: Uint8Array) => createHmac('sha256', key).update(email).digest('hex');
    return [hash(current.bytes), ...earlier.map(({ bytes }) => hash(bytes))];
  };
