import { createHash, createHmac } from 'node:crypto';
import { fc, it } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { DerivedKey, KeyRing } from '../../../src/adapters/ports/key-ring.ts';
import { createHmacRefreshTokenCodec } from '../../../src/adapters/tokens/hmac-refresh-token-codec.ts';
import type { RefreshTokenSpec } from '../../../src/application/sessions/refresh-token-codec.ts';

const ringOf = (...[current, ...previous]: [DerivedKey, ...DerivedKey[]]): KeyRing => ({
  current,
  find: (id) => [current, ...previous].filter((key) => key.id === id),
});

const KEY: DerivedKey = { id: 7, bytes: new Uint8Array(32).fill(1) };
const SAME_ID: DerivedKey = { id: 7, bytes: new Uint8Array(32).fill(2) };
const OTHER_ID: DerivedKey = { id: 8, bytes: new Uint8Array(32).fill(3) };

const codec = createHmacRefreshTokenCodec(ringOf(KEY));

const spec = {
  keyId: 7,
  familyId: '01980a5c-1111-7222-8333-444444444444',
  generation: 258,
  salt: '000102030405060708090a0b0c0d0e0f',
} satisfies RefreshTokenSpec;

const { keyId: _, ...presented } = spec;
const { token, tokenHash } = codec.derive(spec);

const anySpec: fc.Arbitrary<RefreshTokenSpec> = fc.record({
  keyId: fc.constant(7),
  familyId: fc.uuid(),
  generation: fc.nat({ max: 2 ** 32 - 1 }),
  salt: fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((bytes) => Buffer.from(bytes).toString('hex')),
});

const bytesOf = (text: string) => Buffer.from(text.slice(4), 'base64url');
const textOf = (bytes: Uint8Array) => `lkr_${Buffer.from(bytes).toString('base64url')}`;

describe('a derived refresh token', () => {
  it('has the documented bytes', () => {
    const content = Buffer.concat([
      Buffer.of(1, 7),
      Buffer.from('01980a5c111172228333444444444444', 'hex'),
      Buffer.of(0, 0, 1, 2),
      Buffer.from(spec.salt, 'hex'),
    ]);
    const tag = createHmac('sha256', KEY.bytes).update(content).digest();
    expect(token).toBe(textOf(Buffer.concat([content, tag])));
    expect(token).toMatch(/^lkr_[\w-]{94}$/);
  });

  it('is returned with the SHA-256 of its text', () => {
    expect(tokenHash).toBe(createHash('sha256').update(token).digest('hex'));
  });

  it('is the same every time', () => {
    expect(codec.derive(spec)).toStrictEqual({ token, tokenHash });
  });

  it.prop([anySpec])('is parsed to its family, generation and salt', ({ keyId, ...content }) => {
    expect(codec.parse(codec.derive({ keyId, ...content }).token)).toStrictEqual(content);
  });
});

describe('a token that was tampered with', () => {
  it.prop([anySpec, fc.nat({ max: 70 * 8 - 1 })])('is refused with any bit changed', (any, bit) => {
    const bytes = bytesOf(codec.derive(any).token);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(codec.parse(textOf(bytes))).toBeUndefined();
  });

  it.prop([fc.nat({ max: 97 }), fc.string({ minLength: 1, maxLength: 1 })])(
    'is refused with any character changed',
    (index, character) => {
      fc.pre(token.charAt(index) !== character);
      const text = token.slice(0, index) + character + token.slice(index + 1);
      expect(codec.parse(text)).toBeUndefined();
    },
  );

  it.prop([fc.nat({ max: 97 })])('is refused when truncated', (length) => {
    expect(codec.parse(token.slice(0, length))).toBeUndefined();
  });

  it.prop([fc.string({ minLength: 1 })])('is refused when extended', (more) => {
    expect(codec.parse(token + more)).toBeUndefined();
    expect(codec.parse(more + token)).toBeUndefined();
  });

  it('is refused with other spare bits', () => {
    // 70 bytes leave two spare bits in the last character, so four texts decode to the same bytes.
    const aliases = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
      .map((last) => token.slice(0, -1) + last)
      .filter((text) => text !== token && bytesOf(text).equals(bytesOf(token)));
    expect(aliases.length).toBeGreaterThan(0);
    expect(aliases.map(codec.parse)).toStrictEqual(aliases.map(() => undefined));
  });

  it('is refused in the other base64 alphabet', () => {
    const specs = Array.from({ length: 50 }, (_, generation) => ({ ...spec, generation }));
    const tokens = specs.map((each) => codec.derive(each).token);
    const aliases = tokens
      .map((text) => `lkr_${text.slice(4).replaceAll('-', '+').replaceAll('_', '/')}`)
      .filter((text, index) => text !== tokens[index]);
    expect(aliases.length).toBeGreaterThan(0);
    expect(aliases.map(codec.parse)).toStrictEqual(aliases.map(() => undefined));
  });
});

describe('a text that is no refresh token', () => {
  it.prop([fc.string({ maxLength: 300 })])('is refused', (text) => {
    expect(codec.parse(text)).toBeUndefined();
  });

  it.prop([fc.uint8Array({ minLength: 70, maxLength: 70 })])('is refused by its tag', (bytes) => {
    bytes.set([1, 7]);
    expect(codec.parse(textOf(bytes))).toBeUndefined();
  });

  it.each([undefined, null, 42, {}, [token], Buffer.from(token)])('is refused: %o', (value) => {
    expect(codec.parse(value as unknown as string)).toBeUndefined();
  });

  it('is refused with a valid tag and an unknown version', () => {
    const content = bytesOf(token).subarray(0, 38);
    content[0] = 2;
    const tag = createHmac('sha256', KEY.bytes).update(content).digest();
    expect(codec.parse(textOf(Buffer.concat([content, tag])))).toBeUndefined();
  });
});

describe('a token of another key', () => {
  it('is refused under the same id', () => {
    const other = createHmacRefreshTokenCodec(ringOf(SAME_ID)).derive(spec);
    expect(codec.parse(other.token)).toBeUndefined();
  });

  it('is refused under an unknown id', () => {
    const other = createHmacRefreshTokenCodec(ringOf(OTHER_ID)).derive({ ...spec, keyId: 8 });
    expect(codec.parse(other.token)).toBeUndefined();
  });
});

describe('a codec after a change of the master key', () => {
  const rotated = createHmacRefreshTokenCodec(ringOf(OTHER_ID, KEY));

  it('derives new tokens with the new key', () => {
    expect(rotated.currentKeyId).toBe(8);
  });

  it('still accepts and derives tokens of the old key', () => {
    expect(rotated.parse(token)).toStrictEqual(presented);
    expect(rotated.derive(spec)).toStrictEqual({ token, tokenHash });
  });

  it('accepts the tokens of both when they share an id', () => {
    const colliding = createHmacRefreshTokenCodec(ringOf(SAME_ID, KEY));
    expect(colliding.parse(token)).toStrictEqual(presented);
    expect(colliding.parse(colliding.derive(spec).token)).toStrictEqual(presented);
    expect(colliding.derive(spec).token).not.toBe(token);
  });
});

describe('deriving from an invalid spec', () => {
  it.each([
    ['an unknown key', { keyId: 9 }],
    ['a family id that is no UUID', { familyId: 'family' }],
    ['a UUID in upper case', { familyId: spec.familyId.toUpperCase().replace('0', 'A') }],
    ['a salt that is too short', { salt: '00' }],
    ['a negative generation', { generation: -1 }],
    ['a generation beyond 32 bits', { generation: 2 ** 32 }],
  ])('throws for %s', (_, change) => {
    expect(() => codec.derive({ ...spec, ...change })).toThrow(RangeError);
  });
});

describe('the hash of a client', () => {
  it('is SHA-256 over salt and user agent', () => {
    const expected = createHash('sha256')
      .update(Buffer.concat([Buffer.from(spec.salt, 'hex'), Buffer.from('Firefox/1')]))
      .digest('hex');
    expect(codec.agentHash(spec.salt, 'Firefox/1')).toBe(expected);
  });

  it('differs by family and by agent', () => {
    const hash = codec.agentHash(spec.salt, 'Firefox/1');
    expect(codec.agentHash(spec.salt, 'Firefox/2')).not.toBe(hash);
    expect(codec.agentHash('ff'.repeat(16), 'Firefox/1')).not.toBe(hash);
  });
});
