import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createHmacAddressHasher } from '../../../src/adapters/system/hmac-address-hasher.ts';
import { deriveKeyRing } from '../../../src/adapters/system/master-key.ts';

const masterKey = (byte: number) => new Uint8Array(32).fill(byte);
const ringOf = (...keys: [Uint8Array, ...Uint8Array[]]) =>
  deriveKeyRing(keys, 'invitation-addresses');
const hasher = (...keys: [Uint8Array, ...Uint8Array[]]) => createHmacAddressHasher(ringOf(...keys));

const ANN = 'ann@example.com';

describe('the hash of an address', () => {
  it('is HMAC-SHA256 under a separate key', () => {
    const { bytes } = ringOf(masterKey(1)).current;
    const hash = createHmac('sha256', bytes).update(ANN).digest('hex');
    expect(hasher(masterKey(1))(ANN)).toStrictEqual([hash]);
    const elsewhere = deriveKeyRing([masterKey(1)], 'subject-keys');
    expect(createHmacAddressHasher(elsewhere)(ANN)).not.toStrictEqual([hash]);
  });

  it('differs by address and by key', () => {
    const [one] = hasher(masterKey(1))(ANN);
    const [otherAddress] = hasher(masterKey(1))('anna@example.com');
    const [otherKey] = hasher(masterKey(2))(ANN);
    expect(new Set([one, otherAddress, otherKey]).size).toBe(3);
  });
});

describe('the hash of an address after a change of the master key', () => {
  it('is under the new key first, and also under the previous one', () => {
    const [before] = hasher(masterKey(1))(ANN);
    const [fresh] = hasher(masterKey(2))(ANN);
    expect(hasher(masterKey(2), masterKey(1))(ANN)).toStrictEqual([fresh, before]);
  });
});
