import { describe, expect, it } from 'vitest';
import {
  createImportChecksum,
  createImportedUserIds,
} from '../../../src/adapters/system/imported-user-ids.ts';
import { isTypeId } from '../../../src/adapters/system/type-id.ts';

const key = (byte: number) => ({ id: 1, bytes: new Uint8Array(32).fill(byte) });
const idFor = createImportedUserIds(key(1));

describe('the id of an account imported without one', () => {
  it('is a TypeID over a UUIDv8', () => {
    for (let n = 0; n < 200; n += 1) {
      const id = idFor(`line ${n}`);
      expect(isTypeId('user', id)).toBe(true);
      // Bits 48 to 51 are the version, 64 and 65 the variant: characters 10 and 13 of the suffix.
      const suffix = [...id.slice('user_'.length)].map((character) =>
        '0123456789abcdefghjkmnpqrstvwxyz'.indexOf(character).toString(2).padStart(5, '0'),
      );
      const bits = suffix.join('').slice(2);
      expect([bits.slice(48, 52), bits.slice(64, 66)]).toStrictEqual(['1000', '10']);
    }
  });

  it('is the same for the same line and differs for another one', () => {
    expect(idFor('a')).toBe(createImportedUserIds(key(1))('a'));
    expect(idFor('a')).not.toBe(idFor('b'));
  });

  it('cannot be computed without the key', () =>
    expect(createImportedUserIds(key(2))('a')).not.toBe(idFor('a')));
});

describe('a checksum', () => {
  const checksumOf = createImportChecksum(key(1));

  it('is the same for the same text and differs for another one', () => {
    expect(checksumOf('abc')).toMatch(/^[0-9a-f]{64}$/);
    expect(checksumOf('abc')).toBe(createImportChecksum(key(1))('abc'));
    expect(checksumOf('abc')).not.toBe(checksumOf('abd'));
  });

  it('cannot be computed without the key', () =>
    expect(createImportChecksum(key(2))('abc')).not.toBe(checksumOf('abc')));
});
