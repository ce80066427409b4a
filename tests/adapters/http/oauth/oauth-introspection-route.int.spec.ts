import { decodeJwt } from 'jose';
import { WWWAuthenticateChallengeError } from 'oauth4webapi';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { visitor } from '../../../support/servers/composed-system.ts';
import { expectPair, expectProblem, type TokenPair } from '../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../support/servers/latchkey-process.ts';
import {
  PUBLIC_URL,
  type RunningApp,
  skipSeconds,
  startRunningApp,
} from '../../../support/servers/running-app.ts';
import { expectOAuthError } from '../../../support/sessions/expect-oauth-error.ts';
import {
  addResourceServer,
  basic,
  discoverOAuthClient,
  type OAuthClient,
  postForm,
  type ResourceServerCredentials,
} from '../../../support/sessions/oauth-client.ts';

const AUDIENCE = 'https://api.example.test';
const INACTIVE = { active: false };
const environment = { LATCHKEY_MASTER_KEY: newMasterKey(), LATCHKEY_AUDIENCE: AUDIENCE };

let app: RunningApp;
let oauth: OAuthClient;
let files: ResourceServerCredentials;
beforeAll(async () => {
  app = await startRunningApp(environment);
  oauth = await discoverOAuthClient(app, PUBLIC_URL);
  files = await addResourceServer(app, 'files');
});
afterAll(() => app.close());
afterEach(() => {
  vi.useRealTimers();
});

const introspect = (token: string) => oauth.introspect(token, files);

/** @param authorization the value of the `Authorization` header */
const ask = (token: string, authorization?: string) =>
  postForm(
    app,
    '/oauth2/introspect',
    { token },
    authorization === undefined ? {} : { headers: { authorization } },
  );

describe('introspection by a registered resource server', () => {
  let before: number;
  let person: Awaited<ReturnType<RunningApp['client']['signUp']>>;
  beforeEach(async () => {
    person = await app.client.signUp();
    before = await app.countEvents();
  });

  it('answers the claims of a live access token and stores nothing', async () => {
    const claims = decodeJwt(person.accessToken);

    expect(await introspect(person.accessToken)).toStrictEqual({
      active: true,
      token_type: 'Bearer',
      ...claims,
    });
    expect(claims).toMatchObject({ iss: PUBLIC_URL, aud: AUDIENCE, sub: person.user.id });
    expect(await app.countEvents()).toBe(before);
  });

  it('answers the expiry of the live refresh token', async () => {
    const { exp = 0, iat = 0, ...rest } = await introspect(person.refreshToken);

    expect(rest).toStrictEqual({
      active: true,
      token_type: 'refresh_token',
      iss: PUBLIC_URL,
      sub: person.user.id,
      sid: person.sessionId,
    });
    expect(exp - iat).toBe(30 * 86_400);
    expect(await app.countEvents()).toBe(before);
  });

  it('answers a superseded refresh token as inactive, without detecting a theft', async () => {
    const pairs = await app.client.rotate(person, 3);
    const stored = await app.countEvents();

    for (const { refreshToken } of pairs.slice(0, -1)) {
      expect(await introspect(refreshToken)).toStrictEqual(INACTIVE);
    }

    expect(await introspect(pairs.at(-1)?.refreshToken ?? '')).toMatchObject({ active: true });
    expect(await app.countEvents()).toBe(stored);
    expectPair(await app.client.refresh(pairs.at(-1)?.refreshToken ?? ''));
  });

  it('is answered with headers that forbid caching', async () => {
    const { headers } = await ask(person.accessToken, basic(files));

    expect(headers['cache-control']).toBe('no-store');
  });

  it('answers text that is not a token of this service as inactive', async () => {
    const [header, payload] = person.accessToken.split('.');
    const strangers = [
      'nonsense',
      '\0',
      person.sessionId,
      String(decodeJwt(person.accessToken).jti),
      `${person.refreshToken.slice(0, -3)}AAA`,
      `${header}.${payload}.`,
      'x'.repeat(60_000),
    ];

    for (const token of strangers) expect(await introspect(token)).toStrictEqual(INACTIVE);
  });

  it('answers both tokens as inactive once the session has ended', async () => {
    await oauth.revoke(person.refreshToken);

    expect(await introspect(person.accessToken)).toStrictEqual(INACTIVE);
    expect(await introspect(person.refreshToken)).toStrictEqual(INACTIVE);
  });

  it('answers a revoked access token as inactive while its session stays live', async () => {
    await oauth.revoke(person.accessToken);

    expect(await introspect(person.accessToken)).toStrictEqual(INACTIVE);
    expect(await introspect(person.refreshToken)).toMatchObject({ active: true });
  });

  it('answers both tokens as inactive once the user is deactivated', async () => {
    await app.get(tokens.deactivateUser)(person.user.id, visitor);

    expect(await introspect(person.accessToken)).toStrictEqual(INACTIVE);
    expect(await introspect(person.refreshToken)).toStrictEqual(INACTIVE);
  });

  it('answers a token as inactive that another process has just revoked', async () => {
    const other = await startRunningApp(environment, app);
    try {
      await postForm(other, '/oauth2/revoke', { token: person.accessToken });
      expect(await introspect(person.accessToken)).toStrictEqual(INACTIVE);
    } finally {
      await other.close();
    }
  });

  it('answers the current data of the user, not the data at the issue of the token', async () => {
    await app.get(tokens.changeRole)({ userId: person.user.id, role: 'admin' }, visitor);

    expect(decodeJwt(person.accessToken).role).toBe('user');
    expect(await introspect(person.accessToken)).toMatchObject({ active: true, role: 'admin' });
  });

  it('answers expired tokens as inactive', async () => {
    skipSeconds(601);
    expect(await introspect(person.accessToken)).toStrictEqual(INACTIVE);
    expect(await introspect(person.refreshToken)).toMatchObject({ active: true });

    skipSeconds(30 * 86_400);
    expect(await introspect(person.refreshToken)).toStrictEqual(INACTIVE);
  });
});

describe('introspection without valid credentials of a resource server', () => {
  let pair: TokenPair;
  beforeAll(async () => {
    pair = await app.client.signUp();
  });

  const encode = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  it.each<[string, () => string | undefined]>([
    ['no credentials', () => undefined],
    ['a wrong secret', () => basic({ ...files, secret: 'wrong' })],
    ['no secret', () => basic({ ...files, secret: '' })],
    ['an unknown server', () => basic({ ...files, id: `rs_${'0'.repeat(26)}` })],
    ['a name instead of an id', () => basic({ ...files, id: 'files' })],
    ['no colon', () => encode(files.id)],
    ['an id with NUL', () => encode(`rs_\0:${files.secret}`)],
    ['a broken escape', () => encode(`%zz:${files.secret}`)],
    ['a secret with a suffix', () => encode(`${files.id}:${files.secret}:x`)],
    ['no base64', () => 'Basic ?'],
    ['an empty scheme', () => 'Basic '],
    ['a very long header', () => encode(`${files.id}:${'x'.repeat(8_000)}`)],
    ['another scheme', () => basic(files).replace('Basic', 'Digest')],
    ['the access token itself', () => `Bearer ${pair.accessToken}`],
  ])('is refused with invalid_client: %s', async (_, authorization) => {
    const answer = await ask(pair.accessToken, authorization());

    expectOAuthError(answer, 'invalid_client', 401);
    expect(answer.headers['www-authenticate']).toBe('Basic realm="oauth2", charset="UTF-8"');
  });

  it('is refused when the credentials are in the body', async () => {
    const form = { token: pair.accessToken, client_id: files.id, client_secret: files.secret };

    expectOAuthError(await postForm(app, '/oauth2/introspect', form), 'invalid_client', 401);
  });

  it('is refused with an error that an OAuth client library recognises', async () => {
    const asked = oauth.introspect(pair.accessToken, { ...files, secret: 'wrong' });

    await expect(asked).rejects.toBeInstanceOf(WWWAuthenticateChallengeError);
  });

  it('is refused from the moment the resource server is removed', async () => {
    const mail = await addResourceServer(app, 'mail');
    expect(await oauth.introspect(pair.accessToken, mail)).toMatchObject({ active: true });

    await app.get(tokens.resourceServers).remove(mail.id);

    expectOAuthError(await ask(pair.accessToken, basic(mail)), 'invalid_client', 401);
  });

  it('is the only route that accepts the credentials of a resource server', async () => {
    const headers = { authorization: basic(files) };

    expectProblem(await app.client.call('GET', '/v1/me', { headers }), 'access_token_invalid');
  });
});

describe('an introspection request of a registered resource server', () => {
  it.each(['', 'token=', 'token=a&token=b', 'token_type_hint=access_token'])(
    'is refused with invalid_request without exactly one token: "%s"',
    async (form) => {
      const headers = { authorization: basic(files) };

      expectOAuthError(
        await postForm(app, '/oauth2/introspect', form, { headers }),
        'invalid_request',
      );
    },
  );

  it('accepts the scheme in any case, and percent-encoded credentials', async () => {
    const escaped = [...files.secret]
      .map((character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
      .join('');
    const authorization = basic({ id: files.id, secret: escaped }).replace('Basic', 'bAsIc');

    expect(await ask('nonsense', authorization)).toMatchObject({ status: 200, json: INACTIVE });
  });
});
