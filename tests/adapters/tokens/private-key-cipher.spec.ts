import { fc, it } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { DerivedKey, KeyRing } from '../../../src/adapters/ports/key-ring.ts';
import { createPrivateKeyCipher } from '../../../src/adapters/tokens/private-key-cipher.ts';

const ringOf = (...[current, ...previous]: [DerivedKey, ...DerivedKey[]]): KeyRing => ({
  current,
  find: (id) => [current, ...previous].filter((key) => key.id === id),
});

const KEY: DerivedKey = { id: 7, bytes: new Uint8Array(32).fill(1) };
const SAME_ID: DerivedKey = { id: 7, bytes: new Uint8Array(32).fill(2) };
const OTHER_ID: DerivedKey = { id: 8, bytes: new Uint8Array(32).fill(3) };

const cipher = createPrivateKeyCipher(ringOf(KEY));
const sealed = cipher.seal('kid-1', '{"d":"secret"}');
const otherKey = 'was sealed with another master key, or tampered with';

describe('a sealed private key', () => {
  it('is decrypted for its key id', () => {
    expect(cipher.open('kid-1', sealed)).toStrictEqual({
      privateKey: '{"d":"secret"}',
      outdated: false,
    });
  });

  it('is not decrypted for another key id', () => {
    expect(() => cipher.open('kid-2', sealed)).toThrow(`signing key kid-2 ${otherKey}`);
  });

  it('differs every time', () => {
    expect(cipher.seal('kid-1', '{"d":"secret"}')).not.toBe(sealed);
  });

  it("names its master key's id, and reveals nothing of its content", () => {
    const bytes = Buffer.from(sealed, 'base64url');
    expect([...bytes.subarray(0, 2)]).toStrictEqual([1, 7]);
    expect(bytes.includes('secret')).toBe(false);
  });

  it.prop([fc.nat({ max: Buffer.from(sealed, 'base64url').length * 8 - 1 })])(
    'is not decrypted with any bit changed',
    (bit) => {
      const bytes = Buffer.from(sealed, 'base64url');
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => cipher.open('kid-1', bytes.toString('base64url'))).toThrow(otherKey);
    },
  );

  it.prop([fc.nat({ max: sealed.length - 2 })])('is not decrypted when truncated', (length) => {
    expect(() => cipher.open('kid-1', sealed.slice(0, length))).toThrow(otherKey);
  });
});

describe('a private key sealed with an older master key', () => {
  it('is decrypted and reported as outdated', () => {
    const rotated = createPrivateKeyCipher(ringOf(OTHER_ID, KEY));
    expect(rotated.open('kid-1', sealed)).toMatchObject({ outdated: true });
  });

  it('is decrypted and reported as outdated, even when both share an id', () => {
    const rotated = createPrivateKeyCipher(ringOf(SAME_ID, KEY));
    expect(rotated.open('kid-1', sealed)).toStrictEqual({
      privateKey: '{"d":"secret"}',
      outdated: true,
    });
  });

  it.each([OTHER_ID, SAME_ID])('is not decrypted without that key: %o', (key) => {
    const without = createPrivateKeyCipher(ringOf(key));
    expect(() => without.open('kid-1', sealed)).toThrow(otherKey);
  });
});
