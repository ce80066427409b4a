import { describe, expect, it } from 'vitest';
import { createPersonalDataCipher } from '../../../src/adapters/event-store/personal-data-cipher.ts';
import type { DerivedKey, KeyRing } from '../../../src/adapters/ports/key-ring.ts';

const ringOf = (...[current, ...previous]: [DerivedKey, ...DerivedKey[]]): KeyRing => ({
  current,
  find: (id) => [current, ...previous].filter((key) => key.id === id),
});
const keyOf = (id: number, fill: number): DerivedKey => ({
  id,
  bytes: new Uint8Array(32).fill(fill),
});
const older = keyOf(1, 1);
const newer = keyOf(2, 2);
const cipher = createPersonalDataCipher(ringOf(older));
const { key, wrapped } = cipher.createWrappedKey('user_ann');
const place = { stream: 'user-user_ann', owner: 'event-1', field: 'email' };

describe('a data key', () => {
  it('is 32 random bytes that never appear in its wrapped form', () => {
    const another = cipher.createWrappedKey('user_ann');
    expect(key).toHaveLength(32);
    expect(another.key).not.toStrictEqual(key);
    expect(another.wrapped).not.toBe(wrapped);
    const sealed = Buffer.from(wrapped.split('.')[1] ?? '', 'base64url');
    expect(sealed.includes(Buffer.from(key))).toBe(false);
  });

  it('is unwrapped for its own subject only', () => {
    expect(cipher.unwrapKey('user_ann', wrapped)).toStrictEqual(key);
    expect(() => cipher.unwrapKey('user_ben', wrapped)).toThrow(
      'no master key opens the data key of user_ben',
    );
  });

  it('is unwrapped with the previous master key', () => {
    const rotated = createPersonalDataCipher(ringOf(newer, older));
    expect(rotated.unwrapKey('user_ann', wrapped)).toStrictEqual(key);
    expect(rotated.createWrappedKey('user_ann').wrapped).toMatch(/^2\./);
  });

  it('is unwrapped although another master key shares the id', () => {
    const colliding = createPersonalDataCipher(ringOf(keyOf(1, 9), older));
    expect(colliding.unwrapKey('user_ann', wrapped)).toStrictEqual(key);
  });

  it.each([
    ['another master key', ringOf(newer)],
    ['another master key of the same id', ringOf(keyOf(1, 3))],
  ])('is not unwrapped with %s', (_, ring) => {
    expect(() => createPersonalDataCipher(ring).unwrapKey('user_ann', wrapped)).toThrow(
      'no master key opens the data key of user_ann',
    );
  });

  it.each(['', '1', '1.', '1.AAAA', 'x.AAAA', wrapped.slice(0, -2), `${wrapped}AAAA`])(
    'is not unwrapped from the damaged text "%s"',
    (damaged) => {
      expect(() => cipher.unwrapKey('user_ann', damaged)).toThrow('no master key opens');
    },
  );
});

describe('an encrypted field', () => {
  const text = cipher.encrypt(key, 'ann@example.com', place);

  it.each(['ann@example.com', '', 'é✓\u{1f600}', { ip: '192.0.2.1', userAgent: 'x' }, 0, false])(
    'is decrypted unchanged: %o',
    (value) => {
      expect(cipher.decrypt(key, cipher.encrypt(key, value, place), place)).toStrictEqual(value);
    },
  );

  it('has another ciphertext each time', () => {
    expect(cipher.encrypt(key, 'ann@example.com', place)).not.toBe(text);
  });

  it.each([
    ['another event', { ...place, owner: 'event-2' }],
    ['another stream', { ...place, stream: 'user-user_ben' }],
    ['another field', { ...place, field: 'username' }],
  ])('cannot be decrypted in %s', (_, elsewhere) => {
    expect(() => cipher.decrypt(key, text, elsewhere)).toThrow();
  });

  it('cannot be decrypted with another key', () => {
    const other = cipher.createWrappedKey('user_ann').key;
    expect(() => cipher.decrypt(other, text, place)).toThrow();
  });

  it('is refused when any of its bytes was altered', () => {
    const bytes = Buffer.from(text, 'base64url');
    for (const [at, byte] of bytes.entries()) {
      const altered = Buffer.from(bytes);
      altered[at] = byte ^ 1;
      expect(() => cipher.decrypt(key, altered.toString('base64url'), place)).toThrow();
    }
  });

  it('is refused when it was truncated, even to nothing', () => {
    const bytes = Buffer.from(text, 'base64url');
    for (let length = 0; length < bytes.length; length += 1) {
      const cut = bytes.subarray(0, length).toString('base64url');
      expect(() => cipher.decrypt(key, cut, place)).toThrow();
    }
  });
});
