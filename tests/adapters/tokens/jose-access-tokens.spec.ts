import { createHmac } from 'node:crypto';
import { fc, it } from '@fast-check/vitest';
import { type CompactJWSHeaderParameters, CompactSign, importJWK } from 'jose';
import { beforeEach, describe, expect, vi } from 'vitest';
import { createJoseAccessTokens } from '../../../src/adapters/tokens/jose-access-tokens.ts';
import {
  type SigningAlgorithm,
  signingAlgorithms,
} from '../../../src/adapters/tokens/signing-key.ts';
import {
  type GeneratedSigningKey,
  generateSigningKey,
} from '../../../src/adapters/tokens/signing-key-generator.ts';
import { createSigningKeys, type SigningKeys } from '../../../src/adapters/tokens/signing-keys.ts';
import type {
  AccessTokenClaims,
  AccessTokens,
} from '../../../src/application/sessions/access-tokens.ts';

const NOW = 1_785_000_000;
const ISSUER = 'https://auth.example';
const AUDIENCE = 'https://api.example';

const claims: AccessTokenClaims = {
  sub: 'user_01k0p5r0000000000000000000',
  jti: '01980a5c-1111-7222-8333-444444444444.3',
  sid: '01980a5c-1111-7222-8333-444444444444',
  iat: NOW,
  exp: NOW + 600,
  auth_time: NOW - 3600,
  hh: 'hh_01k0p5r0000000000000000000',
  hh_role: 'owner',
  role: 'user',
  tier: 'member',
  email_verified: true,
};
const payload = { ...claims, iss: ISSUER, aud: AUDIENCE };

const generated = Object.fromEntries(
  await Promise.all(signingAlgorithms.map(async (name) => [name, await generateSigningKey(name)])),
) as Record<SigningAlgorithm, GeneratedSigningKey>;
const { kid, privateJwk, publicJwk } = generated.ES256;
const header = { alg: 'ES256', typ: 'at+jwt', kid };

const load = vi.fn();
/** This key is active; keys of the other algorithms are published. */
const loadedKeys = async (active: GeneratedSigningKey): Promise<SigningKeys> => {
  load.mockResolvedValue({ active, published: Object.values(generated) });
  const keys = createSigningKeys({ load });
  await keys.load();
  keys.stop();
  return keys;
};

/** Signs any payload with the active key. */
const forge = async (content: object, parameters: CompactJWSHeaderParameters = header) =>
  new CompactSign(Buffer.from(JSON.stringify(content)))
    .setProtectedHeader(parameters)
    .sign(await importJWK(privateJwk, 'ES256'), { crit: { made_up: true } });

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

let seconds: number;
const clock = { now: () => new Date(seconds * 1000).toISOString() };
let keys: SigningKeys;
let tokens: AccessTokens;

beforeEach(async () => {
  seconds = NOW;
  keys = await loadedKeys(generated.ES256);
  tokens = createJoseAccessTokens({ signingKeys: keys, issuer: ISSUER, audience: AUDIENCE, clock });
});

describe.each(signingAlgorithms)('an access token signed with %s', (algorithm) => {
  beforeEach(async () => {
    keys = await loadedKeys(generated[algorithm]);
    tokens = createJoseAccessTokens({
      signingKeys: keys,
      issuer: ISSUER,
      audience: AUDIENCE,
      clock,
    });
  });

  it('gives back its claims', async () => {
    expect(await tokens.verify(await tokens.issue(claims))).toStrictEqual(claims);
  });

  it('has the header and payload of RFC 9068', async () => {
    const [head = '', body = ''] = (await tokens.issue(claims)).split('.');
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toStrictEqual({
      alg: algorithm,
      kid: generated[algorithm].kid,
      typ: 'at+jwt',
    });
    expect(JSON.parse(Buffer.from(body, 'base64url').toString())).toStrictEqual(payload);
  });

  it('is refused with one character changed in any part', async () => {
    const token = await tokens.issue(claims);
    for (let index = 0; index < token.length - 2; index += 7) {
      const changed = token.charAt(index) === 'A' ? 'B' : 'A';
      const text = token.slice(0, index) + changed + token.slice(index + 1);
      expect(await tokens.verify(text)).toBeUndefined();
    }
  });
});

describe('an access token outside a household', () => {
  it('gives back its claims', async () => {
    const outside = { ...claims, hh: null, hh_role: null };
    expect(await tokens.verify(await tokens.issue(outside))).toStrictEqual(outside);
  });
});

describe('a token that the test signs itself', () => {
  it('is accepted when it equals one that Latchkey would sign', async () => {
    expect(await tokens.verify(await forge(payload))).toStrictEqual(claims);
  });

  it('yields no claims that Latchkey does not write', async () => {
    expect(await tokens.verify(await forge({ ...payload, admin: true }))).toStrictEqual(claims);
  });
});

describe('a token of another kind, signed with the active key', () => {
  it.each([
    ['another type', { typ: 'JWT' }],
    ['the type of a logout token', { typ: 'logout+jwt' }],
    ['no type', { typ: undefined }],
    ['no key id', { kid: undefined }],
    ['the id of a key of another algorithm', { kid: generated.EdDSA.kid }],
    ['an unknown key id', { kid: 'unknown' }],
    ['a critical extension', { crit: ['made_up'], made_up: 1 }],
    ['a key of its own', { jwk: publicJwk }],
    ['a key set of its own', { jku: 'https://evil.example/jwks.json' }],
    ['a certificate address', { x5u: 'https://evil.example/chain.pem' }],
    ['a certificate', { x5c: ['MIIB'] }],
    ['any other parameter', { cty: 'JWT' }],
  ])('is refused: %s', async (_, change) => {
    const parameters = JSON.parse(JSON.stringify({ ...header, ...change }));
    expect(await tokens.verify(await forge(payload, parameters))).toBeUndefined();
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['another audience', { aud: 'https://other.example' }],
    ['no issuer', { iss: undefined }],
    ['no audience', { aud: undefined }],
    ['not yet valid', { nbf: NOW + 6 }],
    ['issued in the future', { iat: NOW + 6 }],
  ])('is refused: %s', async (_, change) => {
    expect(await tokens.verify(await forge({ ...payload, ...change }))).toBeUndefined();
  });

  it('is accepted slightly before its time, since clocks differ', async () => {
    const early = { ...payload, nbf: NOW + 5, iat: NOW + 5 };
    expect(await tokens.verify(await forge(early))).toMatchObject({ iat: NOW + 5 });
  });

  it.each(Object.keys(claims))('is refused without %s', async (name) => {
    expect(await tokens.verify(await forge({ ...payload, [name]: undefined }))).toBeUndefined();
  });

  it.each([
    { sub: '' },
    { sub: 1 },
    { jti: null },
    { sid: {} },
    { iat: String(NOW) },
    { exp: NOW + 600.5 },
    { auth_time: 0 },
    { hh: '' },
    { hh: 1 },
    { hh_role: 'landlord' },
    { hh_role: '__proto__' },
    { role: 'root' },
    { role: 'toString' },
    { tier: null },
    { email_verified: 'true' },
  ])('is refused with %o', async (change) => {
    expect(await tokens.verify(await forge({ ...payload, ...change }))).toBeUndefined();
  });

  it('is refused when its payload is no object', async () => {
    expect(await tokens.verify(await forge([payload]))).toBeUndefined();
  });
});

describe('a token without a valid signature', () => {
  it.each(['none', 'None', 'NONE'])('is refused with alg %s', async (alg) => {
    const input = `${encode({ ...header, alg })}.${encode(payload)}`;
    expect(await tokens.verify(`${input}.`)).toBeUndefined();
    expect(await tokens.verify(input)).toBeUndefined();
  });

  it.each([
    ['the JWK text', JSON.stringify(publicJwk)],
    ['its x', publicJwk.x ?? ''],
    ['nothing', ''],
  ])('is refused with HS256 over the public key: %s', async (_, secret) => {
    const input = `${encode({ ...header, alg: 'HS256' })}.${encode(payload)}`;
    const tag = createHmac('sha256', secret).update(input).digest('base64url');
    expect(await tokens.verify(`${input}.${tag}`)).toBeUndefined();
  });

  it('is refused when another key signed it under a known id', async () => {
    const stranger = await generateSigningKey('ES256');
    const token = await new CompactSign(Buffer.from(JSON.stringify(payload)))
      .setProtectedHeader(header)
      .sign(await importJWK(stranger.privateJwk, 'ES256'));
    expect(await tokens.verify(token)).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['dots', '..'],
    ['a header alone', `${encode(header)}..`],
    ['an empty signature', `${encode(header)}.${encode(payload)}.`],
    ['no JSON', `${encode(header)}.${Buffer.from('{').toString('base64url')}.AAAA`],
    ['a header that is no object', `${encode([])}.${encode(payload)}.AAAA`],
    ['a header of null', `bnVsbA.${encode(payload)}.AAAA`],
  ])('is refused: %s', async (_, text) => {
    expect(await tokens.verify(text)).toBeUndefined();
  });

  it.prop([fc.string({ maxLength: 200 })])('is refused for any text', async (text) => {
    expect(await tokens.verify(text)).toBeUndefined();
  });

  it.prop([
    fc.record({
      alg: fc.constantFrom(...signingAlgorithms, 'ES384', 1),
      typ: fc.constant('at+jwt'),
    }),
    fc.constantFrom(...Object.values(generated).map((key) => key.kid), 1, null),
    fc.uint8Array({ maxLength: 300 }),
  ])('is refused under any known key id', async (parameters, id, signature) => {
    const input = `${encode({ ...parameters, kid: id })}.${encode(payload)}`;
    const text = `${input}.${Buffer.from(signature).toString('base64url')}`;
    expect(await tokens.verify(text)).toBeUndefined();
  });

  it('is not parsed when it is too long', async () => {
    expect(await tokens.verify(await forge({ ...payload, sub: 'x'.repeat(4000) }))).toBeUndefined();
  });
});

describe('a token that was verified before', () => {
  it('is not verified again', async () => {
    const find = vi.fn(keys.find);
    const counting = createJoseAccessTokens({
      signingKeys: { ...keys, find },
      issuer: ISSUER,
      audience: AUDIENCE,
      clock,
    });
    const token = await counting.issue(claims);
    await counting.verify(token);
    expect(await counting.verify(token)).toStrictEqual(claims);
    expect(find).toHaveBeenCalledTimes(1);
  });

  it('is refused from its expiry on', async () => {
    const token = await tokens.issue(claims);
    await tokens.verify(token);
    seconds = claims.exp - 0.001;
    expect(await tokens.verify(token)).toStrictEqual(claims);
    seconds = claims.exp;
    expect(await tokens.verify(token)).toBeUndefined();
  });

  it('is refused once its key was removed', async () => {
    const token = await tokens.issue(claims);
    await tokens.verify(token);
    load.mockResolvedValue({ active: generated.EdDSA, published: [generated.EdDSA] });
    await keys.load();
    keys.stop();
    expect(await tokens.verify(token)).toBeUndefined();
  });

  it('cannot be changed through its returned claims', async () => {
    const token = await tokens.issue(claims);
    const verified = await tokens.verify(token);
    expect(() => Object.assign(verified ?? {}, { role: 'admin' })).toThrow(TypeError);
    expect(await tokens.verify(token)).toStrictEqual(claims);
  });
});

describe('a token that has expired before its first verification', () => {
  it.each([0, 1, 4])('is refused %i seconds after its expiry', async (late) => {
    const token = await tokens.issue(claims);
    seconds = claims.exp + late;
    expect(await tokens.verify(token)).toBeUndefined();
  });
});
