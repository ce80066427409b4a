import { createHmac, createPublicKey } from 'node:crypto';
import {
  decodeJwt,
  decodeProtectedHeader,
  generateKeyPair,
  importJWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { expectProblem, type SignedIn } from '../../../support/servers/http-client.ts';
import {
  PUBLIC_URL,
  type RunningApp,
  startRunningApp,
} from '../../../support/servers/running-app.ts';

let app: RunningApp;
let person: SignedIn;
beforeAll(async () => {
  app = await startRunningApp();
  person = await app.client.signUp();
});
afterAll(() => app.close());

const expectRefused = async (token: string): Promise<void> => {
  const before = await app.countEvents();
  expectProblem(await app.client.me(token), 'access_token_invalid');
  expect(await app.countEvents()).toBe(before);
};

describe('a forged access token', () => {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const parts = () => ({
    header: decodeProtectedHeader(person.accessToken) as JWTHeaderParameters,
    claims: decodeJwt(person.accessToken),
  });

  /** Signs with the service's private key, so that only `header` and `claims` are wrong. */
  const forge = async (header: object, claims: object): Promise<string> => {
    const { active } = await app.get(tokens.signingKeyStore).load();
    const genuine = parts();
    return new SignJWT({ ...genuine.claims, ...claims } as JWTPayload)
      .setProtectedHeader({ ...genuine.header, ...header })
      .sign(await importJWK(active.privateJwk, active.algorithm));
  };

  it('is accepted when nothing in it is wrong', async () => {
    expect((await app.client.me(await forge({}, {}))).status).toBe(200);
  });

  it.each([
    ['another typ', { typ: 'JWT' }, {}],
    ['no typ', { typ: undefined }, {}],
    ['no key', { kid: undefined }, {}],
    ['an unknown key', { kid: 'unknown' }, {}],
    ['an embedded key', { jwk: { kty: 'EC' } }, {}],
    ['a key at a URL', { jku: 'http://127.0.0.1/keys' }, {}],
    ['another issuer', {}, { iss: 'https://evil.example' }],
    ['a longer issuer', {}, { iss: `${PUBLIC_URL}/` }],
    ['another audience', {}, { aud: 'https://evil.example' }],
    ['no audience', {}, { aud: undefined }],
    ['no expiry', {}, { exp: undefined }],
    ['expiry as text', {}, { exp: '9999999999' }],
    ['a past expiry', {}, { exp: 1_700_000_000 }],
    ['a start in the future', {}, { nbf: 9_999_999_999 }],
    ['an issue time in the future', {}, { iat: 9_999_999_999 }],
    ['no user', {}, { sub: undefined }],
    ['no id', {}, { jti: undefined }],
    ['no session', {}, { sid: undefined }],
    ['an unknown role', {}, { role: 'root' }],
  ])('is refused with %s', async (_, header, claims) => {
    await expectRefused(await forge(header, claims));
  });

  it('is refused with the claims of another token under its signature', async () => {
    const [header, , signature] = person.accessToken.split('.');
    const claims = { ...parts().claims, role: 'admin' };

    await expectRefused(`${header}.${encode(claims)}.${signature}`);
  });

  it.each(['none', 'None', 'NONE', 'nOnE'])('is refused with alg %s', async (alg) => {
    const { header, claims } = parts();
    const unsigned = `${encode({ ...header, alg })}.${encode(claims)}`;

    await expectRefused(`${unsigned}.`);
    await expectRefused(`${unsigned}`);
    await expectRefused(`${unsigned}.${person.accessToken.split('.')[2]}`);
  });

  it('is refused when signed with the public key as an HMAC secret', async () => {
    const { header, claims } = parts();
    const answer = await app.client.call('GET', '/.well-known/jwks.json');
    const { keys } = answer.json as { keys: { kid: string }[] };
    const jwk = keys.find(({ kid }) => kid === header.kid) ?? {};
    const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    });
    const input = `${encode({ ...header, alg: 'HS256' })}.${encode(claims)}`;

    for (const secret of [pem, JSON.stringify(jwk), '']) {
      const tag = createHmac('sha256', secret).update(input).digest('base64url');
      await expectRefused(`${input}.${tag}`);
    }
  });

  it('is refused when signed by another key with the same key id', async () => {
    const { header, claims } = parts();
    const { privateKey } = await generateKeyPair('ES256');
    const token = await new SignJWT(claims).setProtectedHeader(header).sign(privateKey);

    await expectRefused(token);
  });

  it('is refused with an all-zero signature', async () => {
    const [header, claims] = person.accessToken.split('.');

    await expectRefused(`${header}.${claims}.${Buffer.alloc(64).toString('base64url')}`);
  });
});
