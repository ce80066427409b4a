import { describe, expect, it } from 'vitest';
import {
  createImportedUserIds,
  sha256Hex,
} from '../../../src/adapters/system/imported-user-ids.ts';
import { isTypeId } from '../../../src/adapters/system/type-id.ts';

const key = (byte: number) => ({ id: 1, bytes: new Uint8Array(32).fill(byte) });
const idFor = createImportedUserIds(key(1));

describe('the id of an account whose import names none', () => {
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

  it('is always the same for the same line, and another for another', () => {
    expect(idFor('a')).toBe(createImportedUserIds(key(1))('a'));
    expect(idFor('a')).not.toBe(idFor('b'));
  });

  it('cannot be told without the key', () =>
    expect(createImportedUserIds(key(2))('a')).not.toBe(idFor('a')));
});

describe('a checksum', () => {
  it('is SHA-256 in hex (FIPS 180-2, B.1)', () =>
    expect(sha256Hex('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    ));
});
