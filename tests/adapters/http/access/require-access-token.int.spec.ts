import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type Answer,
  expectPair,
  expectProblem,
  type SignedIn,
} from '../../../support/servers/http-client.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
} from '../../../support/servers/running-app.ts';

let app: RunningApp;
let other: RunningApp;
let person: SignedIn;
beforeAll(async () => {
  app = await startRunningApp();
  other = await startRunningApp();
  person = await app.client.signUp();
});
afterAll(async () => {
  await app.close();
  await other.close();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Sends a request with this `Authorization` header, unchanged. */
const ask = (authorization: string): Promise<Answer> =>
  app.client.call('GET', '/v1/me', { headers: { authorization } });

const expectRefused = async (authorization: string): Promise<void> => {
  const before = await app.countEvents();
  const answer = await ask(authorization);
  expectProblem(answer, 'access_token_invalid');
  expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  expect(await app.countEvents()).toBe(before);
};

const PROTECTED = [
  ['GET', '/v1/me'],
  ['PATCH', '/v1/me'],
  ['DELETE', '/v1/me'],
  ['GET', '/v1/me/export'],
  ['GET', '/v1/sessions'],
  ['DELETE', '/v1/sessions'],
  ['DELETE', '/v1/sessions/current'],
  ['DELETE', '/v1/sessions/00000000-0000-4000-8000-000000000000'],
] as const;

describe('a protected route without a valid access token', () => {
  it.each(PROTECTED)('refuses %s %s with WWW-Authenticate', async (method, path) => {
    const answer = await app.client.call(method, path);

    expectProblem(answer, 'access_token_missing');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each(PROTECTED)(
    'refuses %s %s with an invalid token before it reads anything else',
    async (method, path) => {
      const call = { token: 'x', raw: '{', headers: { 'content-type': 'application/json' } };

      expectProblem(await app.client.call(method, path, call), 'access_token_invalid');
    },
  );
});

describe('an Authorization header', () => {
  it.each([
    ['nothing', () => ''],
    ['only a scheme', () => 'Bearer'],
    ['a scheme and a space', () => 'Bearer '],
    ['Basic credentials', () => `Basic ${Buffer.from('ann:secret').toString('base64')}`],
    ['the token without a scheme', (token: string) => token],
    ['the token under another scheme', (token: string) => `Token ${token}`],
    ['the scheme twice', (token: string) => `Bearer Bearer ${token}`],
    ['a tab', (token: string) => `Bearer\t${token}`],
    ['two tokens', (token: string) => `Bearer ${token} ${token}`],
    ['two tokens in a list', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['a parameter', (token: string) => `Bearer ${token}; realm=x`],
    ['a quoted token', (token: string) => `Bearer "${token}"`],
    ['a padded token', (token: string) => `Bearer ${token}=`],
    ['Latin-1', () => 'Bearer \u00ff\u00fe'],
    ['dots', () => 'Bearer ..'],
    ['ten kilobytes', () => `Bearer ${'a'.repeat(10_000)}`],
    [
      'a token with a suffix of ten kilobytes',
      (token: string) => `Bearer ${token}${'a'.repeat(10_000)}`,
    ],
    ['ten kilobytes of spaces', (token: string) => `Bearer${' '.repeat(10_000)}\u00ff${token}`],
  ])('is refused with %s', async (_, header) => {
    await expectRefused(header(person.accessToken));
  });

  it.each(['bearer', 'BEARER', 'bEaReR'])('is accepted with the scheme "%s"', async (scheme) => {
    expect((await ask(`${scheme} ${person.accessToken}`)).status).toBe(200);
  });
});

describe('a token that is not an access token of this service', () => {
  it('is refused with any part cut off or any bit flipped', async () => {
    const { accessToken } = person;
    for (let index = 0; index < accessToken.length; index += 7) {
      const bytes = Buffer.from(accessToken);
      bytes.writeUInt8((bytes[index] ?? 0) ^ 0x01, index);
      const flipped = bytes.toString();
      if (/^[\w.-]+$/.test(flipped)) await expectRefused(`Bearer ${flipped}`);
      await expectRefused(`Bearer ${accessToken.slice(0, index)}`);
    }
  });

  it('is refused if another service issued it', async () => {
    const stranger = await other.client.signUp();

    await expectRefused(`Bearer ${stranger.accessToken}`);
    const answer = await app.client.refresh(stranger.refreshToken);
    expectProblem(answer, 'refresh_token_invalid');
  });

  it('is refused if it is a token of another kind', async () => {
    await expectRefused(`Bearer ${person.refreshToken}`);
    const answer = await app.client.refresh(person.accessToken.slice(0, 512));
    expectProblem(answer, 'refresh_token_invalid');
    expectProblem(await app.client.refresh(person.accessToken), 'validation_failed');
  });
});

describe('an access token', () => {
  it('is refused from the second it expires, although it was verified before', async () => {
    skipSeconds(0);
    const { accessToken } = await app.client.signUp();
    const { iat = 0, exp = 0 } = decodeJwt(accessToken);
    expect(exp - iat).toBe(600);

    vi.setSystemTime(exp * 1_000 - 1);
    expect((await app.client.me(accessToken)).status).toBe(200);
    vi.setSystemTime(exp * 1_000);
    await expectRefused(`Bearer ${accessToken}`);
  });

  it('can be renewed with the refresh token after it has expired', async () => {
    const pair = await app.client.signUp();
    skipSeconds(3_600);

    await expectRefused(`Bearer ${pair.accessToken}`);
    const next = expectPair(await app.client.refresh(pair.refreshToken));
    expect((await app.client.me(next.accessToken)).status).toBe(200);
  });
});
