import { fc, it } from '@fast-check/vitest';
import { TypeID } from 'typeid-js';
import { describe, expect } from 'vitest';
import { encodeTypeId, isTypeId } from '../../../src/adapters/system/type-id.ts';

const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 });
const typeId = uuid.map((bytes) => encodeTypeId('user', bytes));

describe('encoding a UUID as a TypeID', () => {
  it('writes the reserved id for the nil UUID', () => {
    expect(encodeTypeId('hh', new Uint8Array(16))).toBe('hh_00000000000000000000000000');
  });

  it('writes the highest id for the highest UUID', () => {
    expect(encodeTypeId('hh', new Uint8Array(16).fill(255))).toBe('hh_7zzzzzzzzzzzzzzzzzzzzzzzzz');
  });

  it.prop([uuid])('agrees with typeid-js', (bytes) => {
    expect(encodeTypeId('user', bytes)).toBe(TypeID.fromUUIDBytes('user', bytes).toString());
  });

  it.prop([uuid, uuid])('keeps the order of the UUIDs', (a, b) => {
    const order = Math.sign(Buffer.compare(a, b));
    const [idA, idB] = [encodeTypeId('user', a), encodeTypeId('user', b)];
    expect(idA < idB ? -1 : Number(idA > idB)).toBe(order);
  });

  it.each([0, 15, 17])('refuses %i bytes', (length) => {
    expect(() => encodeTypeId('user', new Uint8Array(length))).toThrow(RangeError);
  });
});

describe('recognising a TypeID', () => {
  it.prop([typeId])('accepts every encoded UUID under its prefix only', (id) => {
    expect(isTypeId('user', id)).toBe(true);
    expect(isTypeId('hh', id)).toBe(false);
    expect(isTypeId('use', id)).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['the prefix alone', 'hh_'],
    ['a letter outside the alphabet', 'hh_0000000000000000000000000l'],
    ['upper case', 'hh_0000000000000000000000000A'],
    ['more than 128 bits', 'hh_80000000000000000000000000'],
    ['one character too few', 'hh_0000000000000000000000000'],
    ['one character too many', 'hh_000000000000000000000000000'],
    ['a dash for the underscore', 'hh-00000000000000000000000000'],
    ['a line break at the end', 'hh_00000000000000000000000000\n'],
  ])('refuses %s', (_, text) => {
    expect(isTypeId('hh', text)).toBe(false);
  });
});
