import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createListCursors } from '../../../../src/adapters/http/lists/list-cursor.ts';
import type { DerivedKey, KeyRing } from '../../../../src/adapters/ports/key-ring.ts';

const ringOf = (...[current, ...previous]: [DerivedKey, ...DerivedKey[]]): KeyRing => ({
  current,
  find: (id) => [current, ...previous].filter((key) => key.id === id),
});

const KEY: DerivedKey = { id: 7, bytes: new Uint8Array(32).fill(1) };
const SAME_ID: DerivedKey = { id: 7, bytes: new Uint8Array(32).fill(2) };
const OTHER_ID: DerivedKey = { id: 8, bytes: new Uint8Array(32).fill(3) };

const SCOPE = 'GET /v1/admin/users user_1 {"search":"an"}';
const VALUES = ['ann@example.com', 'user_2'];

const cursors = createListCursors(ringOf(KEY));
const cursor = cursors.encode(SCOPE, VALUES);

const texts = fc.array(fc.string({ unit: 'binary' }));
const anything = fc.string({ unit: 'binary' });

describe('a list cursor', () => {
  it('decodes to the encoded values', () => {
    fc.assert(
      fc.property(anything, texts, (scope, values) => {
        expect(cursors.decode(scope, cursors.encode(scope, values))).toStrictEqual(values);
      }),
    );
  });

  it('preserves lone surrogates', () => {
    expect(cursors.decode(SCOPE, cursors.encode(SCOPE, ['\ud800', '']))).toStrictEqual([
      '\ud800',
      '',
    ]);
  });

  it('needs no escaping in a URL', () => {
    fc.assert(
      fc.property(texts, (values) => {
        expect(cursors.encode(SCOPE, values)).toMatch(/^[\w-]+$/);
      }),
    );
  });

  it('contains its key id, differs every time and does not reveal its values', () => {
    const bytes = Buffer.from(cursor, 'base64url');
    expect([...bytes.subarray(0, 2)]).toStrictEqual([1, 7]);
    expect(bytes.includes('ann')).toBe(false);
    expect(cursors.encode(SCOPE, VALUES)).not.toBe(cursor);
  });

  it('is invalid for another list', () => {
    fc.assert(
      fc.property(anything, anything, (scope, other) => {
        fc.pre(scope !== other);
        expect(cursors.decode(other, cursors.encode(scope, VALUES))).toBeUndefined();
      }),
    );
  });

  it('is invalid with any one bit changed', () => {
    const bytes = Buffer.from(cursor, 'base64url');
    const changed = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const copy = Buffer.from(bytes);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return cursors.decode(SCOPE, copy.toString('base64url'));
    });
    expect(changed).toStrictEqual(Array(bytes.length * 8).fill(undefined));
  });

  it('is invalid with any one character changed, added or removed', () => {
    const position = fc.nat({ max: cursor.length - 1 });
    const character = fc.constantFrom(...'Ab0_-+/=. é');
    fc.assert(
      fc.property(position, character, (at, text) => {
        const [before, here, after] = [cursor.slice(0, at), cursor[at], cursor.slice(at + 1)];
        expect(cursors.decode(SCOPE, before + text + here + after)).toBeUndefined();
        expect(cursors.decode(SCOPE, before + after)).toBeUndefined();
        fc.pre(text !== here);
        expect(cursors.decode(SCOPE, before + text + after)).toBeUndefined();
      }),
    );
    expect(cursors.decode(SCOPE, `${cursor}A`)).toBeUndefined();
  });

  it('is invalid when truncated', () => {
    const shorter = Array.from(cursor, (_, length) =>
      cursors.decode(SCOPE, cursor.slice(0, length)),
    );
    expect(shorter).toStrictEqual(Array(cursor.length).fill(undefined));
  });
});

describe('text that is not a cursor', () => {
  it('is invalid', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(cursors.decode(SCOPE, text)).toBeUndefined();
      }),
    );
  });

  it('is invalid even if it begins like a cursor', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (rest) => {
        const text = Buffer.from([1, 7, ...rest]).toString('base64url');
        expect(cursors.decode(SCOPE, text)).toBeUndefined();
      }),
    );
  });
});

describe('a list cursor made before the master key changed', () => {
  it.each([OTHER_ID, SAME_ID])('is valid while the previous key is configured: %o', (key) => {
    const rotated = createListCursors(ringOf(key, KEY));
    expect(rotated.decode(SCOPE, cursor)).toStrictEqual(VALUES);
  });

  it.each([OTHER_ID, SAME_ID])('is invalid without the previous key: %o', (key) => {
    const without = createListCursors(ringOf(key));
    expect(without.decode(SCOPE, cursor)).toBeUndefined();
  });
});
