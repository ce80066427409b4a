import { createPrivateKey, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DerivedKey, KeyRing } from '../../../src/adapters/ports/key-ring.ts';
import {
  createDatabase,
  type Database,
} from '../../../src/adapters/postgres/connection/connection.ts';
import { createJoseAccessTokens } from '../../../src/adapters/tokens/jose-access-tokens.ts';
import {
  type SigningAlgorithm,
  signingAlgorithms,
} from '../../../src/adapters/tokens/signing-key.ts';
import { createSigningKeyStore } from '../../../src/adapters/tokens/signing-key-store.ts';
import { createSigningKeys } from '../../../src/adapters/tokens/signing-keys.ts';
import type { AccessTokenClaims } from '../../../src/application/sessions/access-tokens.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers/test-database.ts';

const ringOf = (...[current, ...previous]: [DerivedKey, ...DerivedKey[]]): KeyRing => ({
  current,
  find: (id) => [current, ...previous].filter((key) => key.id === id),
});
const OLD: DerivedKey = { id: 1, bytes: new Uint8Array(32).fill(1) };
const NEW: DerivedKey = { id: 2, bytes: new Uint8Array(32).fill(2) };

let scratch: TestDatabase;
let database: Database;
let now: string;
const clock = { now: () => now };

const storeOf = (algorithm: SigningAlgorithm = 'ES256', keys: KeyRing = ringOf(OLD)) =>
  createSigningKeyStore({ database, keys, algorithm, clock });

const statuses = async () =>
  (await storeOf().list()).map(({ status, algorithm }) => `${status} ${algorithm}`).sort();

const kidOf = async (status: 'next' | 'active') =>
  (await storeOf().list()).find((key) => key.status === status)?.kid;

const sealedKeys = () =>
  database.query<{ kid: string; status: string; encrypted_private_jwk: string }>({
    text: 'SELECT kid, status, encrypted_private_jwk FROM signing_keys ORDER BY status, kid',
  });

beforeAll(async () => {
  scratch = await createTestDatabase();
  database = createDatabase({ connectionString: scratch.connectionString });
});
afterAll(async () => {
  await database?.close();
  await scratch?.drop();
});
beforeEach(async () => {
  now = '2026-01-01T00:00:00.000Z';
  await database.query({ text: 'TRUNCATE signing_keys' });
});

describe('an empty table of signing keys', () => {
  it('has no keys to load', async () => {
    await expect(storeOf().load()).rejects.toThrow('signing_keys holds no active key');
    expect(await storeOf().list()).toStrictEqual([]);
  });

  it.each(signingAlgorithms)('gets one active and one next key of %s', async (algorithm) => {
    await storeOf(algorithm).ensureKeys();
    expect(await statuses()).toStrictEqual([`active ${algorithm}`, `next ${algorithm}`]);
  });

  it('gets no more keys from processes that start at the same time', async () => {
    await Promise.all(Array.from({ length: 5 }, () => storeOf().ensureKeys()));
    expect(await statuses()).toStrictEqual(['active ES256', 'next ES256']);
  });

  it('can be rotated', async () => {
    await storeOf().rotate();
    expect(await statuses()).toStrictEqual(['active ES256', 'next ES256']);
  });
});

describe('stored signing keys', () => {
  beforeEach(() => storeOf().ensureKeys());

  it('are not changed by the next start', async () => {
    const before = await sealedKeys();
    await storeOf().ensureKeys();
    expect(await sealedKeys()).toStrictEqual(before);
  });

  it('are listed with their times, without private keys', async () => {
    const [key] = (await storeOf().list()).filter(({ status }) => status === 'active');
    expect(key).toStrictEqual({
      kid: expect.stringMatching(/^[\w-]{43}$/),
      algorithm: 'ES256',
      status: 'active',
      publicJwk: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) },
      createdAt: now,
      activatedAt: now,
      retiredAt: null,
    });
  });

  it('are loaded with the private key of the active one', async () => {
    const { active, published } = await storeOf().load();
    expect(active.kid).toBe(await kidOf('active'));
    const stored = published.find(({ kid }) => kid === active.kid);
    const derived = createPublicKey(createPrivateKey({ key: active.privateJwk, format: 'jwk' }));
    expect(derived.export({ format: 'jwk' })).toStrictEqual(stored?.publicJwk);
  });

  it('are encrypted in the database', async () => {
    const { active } = await storeOf().load();
    const dump = JSON.stringify(await database.query({ text: 'SELECT * FROM signing_keys' }));
    expect(dump).not.toContain(active.privateJwk.d);
    expect(dump).not.toContain('"d"');
  });

  it('are not loaded with another master key', async () => {
    const store = storeOf('ES256', ringOf(NEW));
    await expect(store.load()).rejects.toThrow('sealed with another master key');
    await expect(store.ensureKeys()).rejects.toThrow('sealed with another master key');
  });

  it('are not loaded when their private keys were swapped', async () => {
    await database.query({
      text: `UPDATE signing_keys SET encrypted_private_jwk =
               (SELECT max(encrypted_private_jwk) FROM signing_keys WHERE status = 'next')`,
    });
    await expect(storeOf().load()).rejects.toThrow('tampered with');
  });

  it('of an unknown algorithm are refused', async () => {
    await database.query({ text: `UPDATE signing_keys SET algorithm = 'ML-DSA-65'` });
    await expect(storeOf().list()).rejects.toThrow('unknown algorithm ML-DSA-65');
  });

  it('include at most one active and one next key, enforced by the database', async () => {
    const second = database.query({ text: `UPDATE signing_keys SET status = 'active'` });
    await expect(second).rejects.toThrow('duplicate key');
  });
});

describe('a rotation', () => {
  beforeEach(() => storeOf().ensureKeys());

  it('activates the published next key and publishes another', async () => {
    const [active, next] = [await kidOf('active'), await kidOf('next')];
    now = '2026-02-01T00:00:00.000Z';
    await storeOf().rotate();
    expect(await kidOf('active')).toBe(next);
    expect(await statuses()).toStrictEqual(['active ES256', 'next ES256', 'retired ES256']);
    const keys = await storeOf().list();
    expect(keys.find(({ kid }) => kid === active)).toMatchObject({
      status: 'retired',
      retiredAt: now,
    });
    expect(keys.find(({ kid }) => kid === next)).toMatchObject({ activatedAt: now });
    expect((await storeOf().load()).active.kid).toBe(next);
  });

  it('deletes the private key of the retired key', async () => {
    await storeOf().rotate();
    const retired = (await sealedKeys()).filter(({ status }) => status === 'retired');
    expect(retired.map((row) => row.encrypted_private_jwk)).toStrictEqual(['']);
  });

  it('loses no key to a concurrent rotation', async () => {
    await Promise.all([storeOf().rotate(), storeOf().rotate(), storeOf().ensureKeys()]);
    expect(await statuses()).toStrictEqual([
      'active ES256',
      'next ES256',
      'retired ES256',
      'retired ES256',
    ]);
  });

  it('leaves the tokens of the retired key valid until it is pruned', async () => {
    const signingKeys = createSigningKeys(storeOf());
    await signingKeys.load();
    const issuer = 'https://auth.example';
    const tokens = createJoseAccessTokens({ signingKeys, issuer, audience: issuer, clock });
    const iat = Date.parse(now) / 1000;
    const claims: AccessTokenClaims = {
      ...{ sub: 'user_1', jti: 'f.1', sid: 'f', iat, exp: iat + 600, auth_time: iat },
      ...{ hh: null, hh_role: null, role: 'user', tier: 'free', email_verified: false },
    };
    const token = await tokens.issue(claims);
    await storeOf().rotate();
    await signingKeys.load();
    expect(await tokens.verify(token)).toStrictEqual(claims);
    await storeOf().prune('2026-01-01T00:00:00.001Z');
    await signingKeys.load();
    signingKeys.stop();
    expect(await tokens.verify(token)).toBeUndefined();
  });
});

describe('pruning', () => {
  it('removes the keys that retired before the given time, and only those', async () => {
    await storeOf().ensureKeys();
    const first = await kidOf('active');
    await storeOf().rotate();
    now = '2026-03-01T00:00:00.000Z';
    await storeOf().rotate();
    expect(await storeOf().prune(now)).toStrictEqual([first]);
    expect(await statuses()).toStrictEqual(['active ES256', 'next ES256', 'retired ES256']);
    expect(await storeOf().prune(now)).toStrictEqual([]);
  });
});

describe('a change of the configured algorithm', () => {
  beforeEach(() => storeOf('RS256').ensureKeys());

  it('replaces the next key, and the active one with the next rotation', async () => {
    await storeOf('EdDSA').ensureKeys();
    expect(await statuses()).toStrictEqual(['active RS256', 'next EdDSA']);
    await storeOf('EdDSA').rotate();
    expect(await statuses()).toStrictEqual(['active EdDSA', 'next EdDSA', 'retired RS256']);
    expect((await storeOf('EdDSA').load()).active.algorithm).toBe('EdDSA');
  });

  it('never activates a key that was not published before', async () => {
    const next = await kidOf('next');
    await storeOf('EdDSA').rotate();
    expect(await kidOf('active')).toBe(next);
    expect(await statuses()).toStrictEqual(['active RS256', 'next EdDSA', 'retired RS256']);
  });
});

describe('after a new master key', () => {
  it('a start encrypts the private keys again, so that the old one can be removed', async () => {
    await storeOf().ensureKeys();
    await storeOf().rotate();
    const kid = await kidOf('active');
    await storeOf('ES256', ringOf(NEW, OLD)).ensureKeys();
    const withoutOld = storeOf('ES256', ringOf(NEW));
    expect((await withoutOld.load()).active.kid).toBe(kid);
    await withoutOld.ensureKeys();
    await withoutOld.rotate();
    expect((await withoutOld.load()).active.kid).not.toBe(kid);
  });
});
