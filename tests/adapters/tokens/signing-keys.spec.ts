import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  LoadedSigningKeys,
  SigningKeyStatus,
} from '../../../src/adapters/tokens/signing-key.ts';
import {
  type GeneratedSigningKey,
  generateSigningKey,
} from '../../../src/adapters/tokens/signing-key-generator.ts';
import { createSigningKeys, type SigningKeys } from '../../../src/adapters/tokens/signing-keys.ts';

const [first, second, third] = await Promise.all([
  generateSigningKey('ES256'),
  generateSigningKey('EdDSA'),
  generateSigningKey('RS256'),
]);

const record = ({ kid, algorithm, publicJwk }: GeneratedSigningKey, status: SigningKeyStatus) => ({
  kid,
  algorithm,
  publicJwk,
  status,
  createdAt: '',
  activatedAt: null,
  retiredAt: null,
});

const stored = (
  active: GeneratedSigningKey,
  next: GeneratedSigningKey,
  ...retired: GeneratedSigningKey[]
): LoadedSigningKeys => ({
  active,
  published: [
    record(next, 'next'),
    record(active, 'active'),
    ...retired.map((key) => record(key, 'retired')),
  ],
});

let content: LoadedSigningKeys | Error;
let elapsed: number;
const load = vi.fn(async () => {
  if (content instanceof Error) throw content;
  return content;
});
const onRefreshError = vi.fn();
let keys: SigningKeys;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  content = stored(first, second);
  elapsed = 0;
  keys = createSigningKeys({ load }, { onRefreshError, elapsed: () => elapsed });
});
afterEach(() => {
  keys.stop();
  vi.useRealTimers();
});

const unavailable = expect.objectContaining({ code: 'service_unavailable' });

describe('signing keys that were never loaded', () => {
  it('are unavailable', async () => {
    expect(() => keys.active()).toThrow(unavailable);
    expect(() => keys.jwks()).toThrow(unavailable);
    expect(() => keys.isPublished(first.kid)).toThrow(unavailable);
    await expect(keys.find(first.kid)).rejects.toThrow(unavailable);
  });

  it('report why they cannot be loaded', async () => {
    content = new Error('no active key');
    await expect(keys.load()).rejects.toThrow('no active key');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('loaded signing keys', () => {
  beforeEach(() => keys.load());

  it('sign with the active one', () => {
    expect(keys.active()).toMatchObject({ kid: first.kid, algorithm: 'ES256' });
    expect(keys.active().key.type).toBe('private');
  });

  it('verify with each of them', async () => {
    expect(await keys.find(first.kid)).toMatchObject({ algorithm: 'ES256' });
    expect(await keys.find(second.kid)).toMatchObject({ algorithm: 'EdDSA' });
    expect(keys.isPublished(second.kid)).toBe(true);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('are published without their private parts', () => {
    const { kty, crv, x, y } = first.publicJwk;
    expect(keys.jwks()).toStrictEqual({
      keys: [
        { ...second.publicJwk, kid: second.kid, alg: 'EdDSA', use: 'sig' },
        { kty, crv, x, y, kid: first.kid, alg: 'ES256', use: 'sig' },
      ],
    });
    expect(JSON.stringify(keys.jwks())).not.toContain('"d"');
  });
});

describe('keys that were rotated by another process', () => {
  beforeEach(async () => {
    await keys.load();
    content = stored(second, third, first);
  });

  it('are loaded within 30 seconds', async () => {
    await vi.advanceTimersByTimeAsync(29_999);
    expect(keys.active().kid).toBe(first.kid);
    await vi.advanceTimersByTimeAsync(1);
    await vi.waitUntil(() => keys.active().kid === second.kid);
    expect(keys.jwks().keys.map(({ kid }) => kid)).toStrictEqual([
      third.kid,
      second.kid,
      first.kid,
    ]);
  });

  it('are loaded as soon as one of them is needed', async () => {
    elapsed = 1000;
    expect(await keys.find(third.kid)).toMatchObject({ algorithm: 'RS256' });
    expect(keys.active().kid).toBe(second.kid);
  });

  it('are not reloaded after the stop', async () => {
    keys.stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(load).toHaveBeenCalledTimes(1);
  });
});

describe('a key that was removed', () => {
  it('is unknown after the next reload', async () => {
    content = stored(first, second, third);
    await keys.load();
    expect(keys.isPublished(third.kid)).toBe(true);
    content = stored(first, second);
    await keys.load();
    expect(keys.isPublished(third.kid)).toBe(false);
    expect(await keys.find(third.kid)).toBeUndefined();
  });
});

describe('tokens with unknown key ids', () => {
  beforeEach(() => keys.load());

  it('cause at most one reload per second', async () => {
    for (elapsed = 0; elapsed < 3000; elapsed += 100) {
      expect(await keys.find(`forged-${elapsed}`)).toBeUndefined();
    }
    expect(load).toHaveBeenCalledTimes(3);
  });

  it('share one reload when they arrive at the same time', async () => {
    elapsed = 1000;
    content = stored(first, third);
    const found = await Promise.all([keys.find(third.kid), keys.find('x'), keys.find(third.kid)]);
    expect(found.map((key) => key?.algorithm)).toStrictEqual(['RS256', undefined, 'RS256']);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it.each(['__proto__', 'constructor', ''])('are unknown: %j', async (kid) => {
    expect(await keys.find(kid)).toBeUndefined();
  });
});

describe('while the keys cannot be read', () => {
  beforeEach(async () => {
    await keys.load();
    content = new Error('database away');
  });

  it('the known keys stay in use, and the error is reported', async () => {
    await vi.advanceTimersByTimeAsync(30_000);
    expect(onRefreshError).toHaveBeenCalledExactlyOnceWith(content);
    expect(keys.active().kid).toBe(first.kid);
  });

  it('unknown key ids stay unknown', async () => {
    elapsed = 1000;
    expect(await keys.find(third.kid)).toBeUndefined();
    expect(onRefreshError).toHaveBeenCalledTimes(1);
  });

  it('the next reload recovers', async () => {
    await vi.advanceTimersByTimeAsync(30_000);
    content = stored(second, third);
    await vi.advanceTimersByTimeAsync(30_000);
    await vi.waitUntil(() => keys.active().kid === second.kid);
  });
});

describe('loading during a reload', () => {
  it('reads again, since the reload may have begun too early', async () => {
    let finish: (early: LoadedSigningKeys) => void = () => undefined;
    load.mockImplementationOnce(() => new Promise((resolve) => (finish = resolve)));
    const early = keys.load();
    content = stored(second, third);
    const late = keys.load();
    finish(stored(first, second));
    await Promise.all([early, late]);
    expect(load).toHaveBeenCalledTimes(2);
    expect(keys.active().kid).toBe(second.kid);
  });
});
