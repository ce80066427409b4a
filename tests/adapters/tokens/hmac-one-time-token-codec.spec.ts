import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DerivedKey } from '../../../src/adapters/ports/key-ring.ts';
import { createHmacOneTimeTokenCodec } from '../../../src/adapters/tokens/hmac-one-time-token-codec.ts';

const keyOf = (id: number, fill: number): DerivedKey => ({ id, bytes: Buffer.alloc(32, fill) });

const ringOf = (current: DerivedKey, ...previous: readonly DerivedKey[]) => ({
  current,
  find: (id: number) => [current, ...previous].filter((key) => key.id === id),
});

const first = keyOf(1, 0xa1);
const second = keyOf(2, 0xb2);
const codec = createHmacOneTimeTokenCodec(ringOf(first));

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

describe('a one-time token', () => {
  it('is HMAC-SHA256 over its id, and is not in the log', () => {
    const { id, keyId, tokenHash } = codec.mint();
    const token = createHmac('sha256', first.bytes).update(id).digest('base64url');
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(keyId).toBe(1);
    expect(tokenHash).toBe(createHash('sha256').update(token).digest('hex'));
    expect(codec.derive({ id, keyId, tokenHash })).toBe(token);
  });

  it("is derived again from the log's data, and recognised by its hash", () => {
    const minted = codec.mint();
    const token = codec.derive(minted) ?? '';
    expect(token).toMatch(TOKEN);
    expect(codec.hash(token)).toBe(minted.tokenHash);
  });

  it('differs each time', () => {
    const hashes = Array.from({ length: 1_000 }, () => codec.mint().tokenHash);
    expect(new Set(hashes).size).toBe(1_000);
  });

  it('differs under another key', () => {
    const minted = codec.mint();
    const other = createHmacOneTimeTokenCodec(ringOf(keyOf(1, 0xcc)));
    const token = createHmac('sha256', Buffer.alloc(32, 0xcc))
      .update(minted.id)
      .digest('base64url');
    expect(other.derive({ ...minted, tokenHash: other.hash(token) ?? '' })).toBe(token);
    expect(token).not.toBe(codec.derive(minted));
  });
});

describe('when two master keys share their id', () => {
  it('a token is derived with the key that issued it, and not with the other', () => {
    const minted = codec.mint();
    const namesake = keyOf(1, 0xcc);
    expect(createHmacOneTimeTokenCodec(ringOf(namesake, first)).derive(minted)).toBe(
      codec.derive(minted),
    );
    expect(createHmacOneTimeTokenCodec(ringOf(namesake)).derive(minted)).toBeUndefined();
  });
});

describe('when the master key was changed', () => {
  it('tokens of the old one are still derived, and new ones use the new one', () => {
    const old = codec.mint();
    const renewed = createHmacOneTimeTokenCodec(ringOf(second, first));
    expect(renewed.derive(old)).toBe(codec.derive(old));
    expect(renewed.mint().keyId).toBe(2);
  });

  it('a token whose key is missing is not derived, but still recognised by its hash', () => {
    const old = codec.mint();
    const without = createHmacOneTimeTokenCodec(ringOf(second));
    expect(without.derive(old)).toBeUndefined();
    expect(without.hash(codec.derive(old) ?? '')).toBe(old.tokenHash);
  });
});

describe('a presented text', () => {
  it.each([
    '',
    'a'.repeat(42),
    'a'.repeat(44),
    `${'a'.repeat(42)}=`,
    `${'a'.repeat(43)}\n`,
    'ä'.repeat(43),
  ])('has no hash when it is not a token: %j', (text) => expect(codec.hash(text)).toBeUndefined());

  it('has a hash only in the format of a token', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 60 }), fc.stringMatching(TOKEN)), (text) => {
        const expected = createHash('sha256').update(text).digest('hex');
        expect(codec.hash(text)).toBe(TOKEN.test(text) ? expected : undefined);
      }),
    ));
});
