import { hkdfSync } from 'node:crypto';
import type { DerivedKey, KeyRing } from '../ports/key-ring.ts';

/** 32 bytes from which all other keys are derived. */
export type MasterKey = Uint8Array;

const KEY_BYTES = 32;
const MIN_DISTINCT_BYTES = 16;

const deriveBytes = (masterKey: MasterKey, info: string, length: number): Buffer =>
  // No salt: the master key is random already (RFC 5869, 3.1 and 3.3).
  Buffer.from(hkdfSync('sha256', masterKey, new Uint8Array(), info, length));

const deriveKey = (masterKey: MasterKey, purpose: string): DerivedKey => ({
  id: deriveBytes(masterKey, 'latchkey/key-id/v1', 1).readUInt8(),
  bytes: deriveBytes(masterKey, `latchkey/${purpose}/v1`, KEY_BYTES),
});

/** A key ring that lists the keys of replaced master keys as `earlier`, newest first. */
export type DerivedKeyRing = KeyRing & Readonly<{ earlier: readonly DerivedKey[] }>;

/**
 * Derives the keys for `purpose` from the current master key and the replaced ones. HKDF-SHA256
 * (RFC 5869) yields independent keys per purpose. `find` lists keys of newer master keys first.
 */
export const deriveKeyRing = (
  masterKeys: readonly [current: MasterKey, ...previous: MasterKey[]],
  purpose: string,
): DerivedKeyRing => {
  const [currentMaster, ...previousMasters] = masterKeys;
  const current = deriveKey(currentMaster, purpose);
  const earlier = previousMasters.map((masterKey) => deriveKey(masterKey, purpose));
  const all = [current, ...earlier];
  return { current, earlier, find: (id) => all.filter((key) => key.id === id) };
};

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e;

/** Each test rejects a random key with a probability below 1 in 10^9. */
const isWeak = (key: MasterKey): boolean => {
  const differences = new Set(key.subarray(1).map((byte, index) => byte - (key[index] ?? 0)));
  const half = KEY_BYTES / 2;
  return (
    new Set(key).size < MIN_DISTINCT_BYTES ||
    differences.size === 1 ||
    key.every(isPrintable) ||
    key.subarray(half).every((byte, index) => byte === key[index])
  );
};

/**
 * Parses a master key: 32 bytes in base64 or base64url, padded or not. Its messages never quote the
 * key.
 * @throws Error when the text is something else, or the key does not look random
 */
export const parseMasterKey = (text: string): MasterKey => {
  const unpadded = text.trim().replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  const bytes = Buffer.from(unpadded, 'base64url');
  // Node skips characters that it cannot decode; only canonical text survives the round trip.
  if (unpadded === '' || bytes.toString('base64url') !== unpadded) {
    throw new Error('A master key is base64 text; generate one with: openssl rand -base64 32');
  }
  if (bytes.length !== KEY_BYTES) {
    throw new Error(`A master key has ${KEY_BYTES} bytes, this one has ${bytes.length}.`);
  }
  const key = new Uint8Array(bytes);
  if (isWeak(key)) {
    throw new Error('This master key is not random; generate one with: openssl rand -base64 32');
  }
  return key;
};
