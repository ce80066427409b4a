import { createHmac, randomBytes } from 'node:crypto';
import { fc, it } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { deriveKeyRing, parseMasterKey } from '../../../src/adapters/system/master-key.ts';

const hmac = (key: Uint8Array, data: string) => createHmac('sha256', key).update(data).digest();

/** RFC 5869 for one block and no salt. */
const hkdf = (master: Uint8Array, info: string) =>
  hmac(hmac(new Uint8Array(32), Buffer.from(master).toString('latin1')), `${info}\u0001`);

// The HMAC helper accepts text, so the master key consists of ASCII bytes.
const master = new Uint8Array(Buffer.from('correct horse battery staple 32!'));
const older = new Uint8Array(32).fill(7);

/** Two master keys whose key ids are the same byte. */
const collidingMasters = (): [Uint8Array, Uint8Array] => {
  const seen = new Map<number, Uint8Array>();
  for (let index = 0; ; index += 1) {
    const candidate = new Uint8Array(32).fill(index % 256);
    candidate[0] = index >> 8;
    const { id } = deriveKeyRing([candidate], 'x').current;
    const earlier = seen.get(id);
    if (earlier) return [earlier, candidate];
    seen.set(id, candidate);
  }
};

describe('a key ring', () => {
  it('holds the HKDF-SHA256 of the master key for its purpose', () => {
    const { current } = deriveKeyRing([master], 'refresh-token');
    expect(Buffer.from(current.bytes)).toStrictEqual(hkdf(master, 'latchkey/refresh-token/v1'));
    expect(current.id).toBe(hkdf(master, 'latchkey/key-id/v1')[0]);
  });

  it('has another key, under the same id, for another purpose', () => {
    const [a, b] = ['refresh-token', 'signing-key'].map(
      (purpose) => deriveKeyRing([master], purpose).current,
    );
    expect(a?.id).toBe(b?.id);
    expect(a?.bytes).not.toStrictEqual(b?.bytes);
  });

  it('finds the current key and those of earlier master keys by their ids', () => {
    const ring = deriveKeyRing([master, older], 'refresh-token');
    const previous = deriveKeyRing([older], 'refresh-token').current;
    expect(ring.find(ring.current.id)).toStrictEqual([ring.current]);
    expect(ring.find(previous.id)).toStrictEqual([previous]);
  });

  it('finds nothing under any other id', () => {
    const ring = deriveKeyRing([master, older], 'refresh-token');
    const known = new Set([ring.current.id, deriveKeyRing([older], 'x').current.id]);
    const others = Array.from({ length: 256 }, (_, id) => id).filter((id) => !known.has(id));
    expect(others.flatMap((id) => ring.find(id))).toStrictEqual([]);
  });

  it('finds both keys under an id that two master keys share, current one first', () => {
    const [current, previous] = collidingMasters();
    const ring = deriveKeyRing([current, previous], 'refresh-token');
    expect(ring.find(ring.current.id)).toStrictEqual([
      ring.current,
      deriveKeyRing([previous], 'refresh-token').current,
    ]);
  });
});

describe('parsing a master key', () => {
  it.prop([fc.constantFrom('base64', 'base64url')])('accepts 32 random bytes in %s', (encoding) => {
    const key = randomBytes(32);
    expect(Buffer.from(parseMasterKey(key.toString(encoding)))).toStrictEqual(key);
  });

  it('accepts base64 without padding, and with surrounding white space', () => {
    const key = randomBytes(32);
    expect(Buffer.from(parseMasterKey(key.toString('base64').replace('=', '')))).toStrictEqual(key);
    expect(Buffer.from(parseMasterKey(` ${key.toString('base64')}\n`))).toStrictEqual(key);
  });

  it.each([
    ['nothing', '', 'is base64 text'],
    ['other text', 'not a key!', 'is base64 text'],
    ['a key and a star', `${randomBytes(32).toString('base64')}*`, 'is base64 text'],
    ['31 bytes', randomBytes(31).toString('base64'), 'has 32 bytes, this one has 31'],
    ['33 bytes', randomBytes(33).toString('base64'), 'has 32 bytes, this one has 33'],
    ['hex', randomBytes(32).toString('hex'), 'has 32 bytes, this one has 48'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseMasterKey(text)).toThrow(message);
  });

  it('refuses stray bits after the last byte', () => {
    const text = `${'A'.repeat(42)}B=`;
    expect(() => parseMasterKey(text)).toThrow('is base64 text');
  });

  it.each([
    ['equal bytes', new Uint8Array(32)],
    ['few distinct bytes', Uint8Array.from({ length: 32 }, (_, index) => (index * index) % 29)],
    ['bytes that count up', Uint8Array.from({ length: 32 }, (_, index) => index)],
    ['bytes that count down', Uint8Array.from({ length: 32 }, (_, index) => 255 - 3 * index)],
    ['16 random bytes twice', Buffer.concat(Array(2).fill(randomBytes(16)))],
    ['a pass phrase', Buffer.from('correct horse battery staple 32!')],
    ['hex digits', Buffer.from(randomBytes(16).toString('hex'))],
  ])('refuses %s as not random', (_, key) => {
    expect(() => parseMasterKey(Buffer.from(key).toString('base64'))).toThrow('is not random');
  });

  it('never quotes the key in a refusal', () => {
    const text = randomBytes(31).toString('base64');
    expect(() => parseMasterKey(text)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(text.slice(0, 8)) }),
    );
  });
});
