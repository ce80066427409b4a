import { ResponseBodyError } from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectPair, type TokenPair } from '../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../support/servers/latchkey-process.ts';
import {
  PUBLIC_URL,
  type RunningApp,
  startRunningApp,
  times,
} from '../../../support/servers/running-app.ts';
import { expectOAuthError } from '../../../support/sessions/expect-oauth-error.ts';
import {
  discoverOAuthClient,
  type OAuthClient,
  pairFrom,
  postForm,
} from '../../../support/sessions/oauth-client.ts';

const LATCHKEY_MASTER_KEY = newMasterKey();
const THIEF = 'curl/8.0 (somebody else)';

let app: RunningApp;
let oauth: OAuthClient;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_MASTER_KEY });
  oauth = await discoverOAuthClient(app, PUBLIC_URL);
});
afterAll(() => app.close());

const streamOf = ({ sessionId }: TokenPair): string => `tokenFamily-${sessionId}`;

const exchange = (form: string | Record<string, string>, call = {}) =>
  postForm(app, '/oauth2/token', form, call);

const refresh = (token: string, call = {}) =>
  exchange({ grant_type: 'refresh_token', refresh_token: token }, call);

describe('a refresh by an OAuth client library', () => {
  it('gets the next token pair, which works like any other', async () => {
    const person = await app.client.signUp();

    const answer = await oauth.refresh(person.refreshToken);

    expect(answer).toStrictEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'bearer',
      expires_in: 600,
      refresh_token: expect.stringMatching(/^lkr_[\w-]{94}$/),
      refresh_expires_in: 30 * 86_400,
    });
    const pair = pairFrom(answer, person);
    expect((await app.client.me(pair.accessToken)).status).toBe(200);
    expectPair(await app.client.refresh(pair.refreshToken));
    expect(await app.events(streamOf(person))).toStrictEqual([
      'TokenFamilyStarted',
      'RefreshTokenRotated',
      'RefreshTokenRotated',
    ]);
  });

  it('is answered without caching and with the token type Bearer', async () => {
    const { refreshToken } = await app.client.signUp();

    const { status, json, headers } = await refresh(refreshToken);

    expect({ status, json }).toMatchObject({ status: 200, json: { token_type: 'Bearer' } });
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      pragma: 'no-cache',
    });
  });

  it('may contain unknown parameters, even repeated', async () => {
    const { refreshToken } = await app.client.signUp();

    const { status } = await exchange(
      `grant_type=refresh_token&refresh_token=${refreshToken}&client_id=app&scope=&nonce=1&nonce=2&__proto__=x`,
      { headers: { authorization: 'Basic YXBwOg==' } },
    );

    expect(status).toBe(200);
  });
});

describe('one refresh token exchanged twenty times at once, at two processes and both endpoints', () => {
  it('has one successor, which every request gets', async () => {
    const other = await startRunningApp({ LATCHKEY_MASTER_KEY }, app);
    try {
      const pair = await app.client.signUp();
      const form = { grant_type: 'refresh_token', refresh_token: pair.refreshToken };

      const answers = await times(20, async (n) => {
        const process = n % 2 === 0 ? app : other;
        if (n % 5 === 0) return expectPair(await process.client.refresh(pair.refreshToken));
        const { status, json } = await postForm(process, '/oauth2/token', form);
        expect(status).toBe(200);
        return pairFrom(json as Parameters<typeof pairFrom>[0], pair);
      });

      expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
      const types = await app.events(streamOf(pair));
      expect(types.filter((type) => type === 'RefreshTokenRotated')).toHaveLength(1);
      expect(types).not.toContain('TokenTheftDetected');
    } finally {
      await other.close();
    }
  });
});

describe('a used refresh token presented by another client', () => {
  it('ends the session and is answered like any other invalid token', async () => {
    const [first, second] = await app.client.rotate(await app.client.signUp(), 1);

    const theft = await refresh(first?.refreshToken ?? '', { agent: THIEF });

    expectOAuthError(theft, 'invalid_grant');
    expect((await app.events(streamOf(first as TokenPair))).slice(-2)).toStrictEqual([
      'TokenTheftDetected',
      'TokenFamilyRevoked',
    ]);
    expect((await app.client.me(second?.accessToken ?? '')).status).toBe(401);
    const late = await refresh(second?.refreshToken ?? '');
    const forged = await refresh(`lkr_${'A'.repeat(94)}`);
    expect([late.json, forged.json]).toStrictEqual([theft.json, theft.json]);
    expectOAuthError(forged, 'invalid_grant');
  });

  it('is answered with an error that an OAuth client library recognises', async () => {
    const failure = await oauth.refresh('nonsense').catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(ResponseBodyError);
    expect(failure).toMatchObject({ error: 'invalid_grant', status: 400 });
  });
});

describe('an invalid request at the token endpoint', () => {
  const genuine = 'refresh_token=lkr_x';

  it.each([
    ['nothing', ''],
    ['no grant type', genuine],
    ['an empty grant type', `grant_type=&${genuine}`],
    ['two grant types', `grant_type=refresh_token&grant_type=refresh_token&${genuine}`],
    ['no token', 'grant_type=refresh_token'],
    ['an empty token', 'grant_type=refresh_token&refresh_token='],
    ['two tokens', `grant_type=refresh_token&${genuine}&${genuine}`],
    ['two clients', `grant_type=refresh_token&${genuine}&client_id=a&client_id=b`],
    ['a list as PHP reads it', `grant_type[]=refresh_token&${genuine}`],
  ])('is refused with invalid_request: %s', async (_, form) => {
    expectOAuthError(await exchange(form), 'invalid_request');
  });

  it.each(['password', 'authorization_code', 'REFRESH_TOKEN', 'refresh_token ', '__proto__'])(
    'is refused with the grant type "%s"',
    async (grant_type) => {
      expectOAuthError(
        await exchange({ grant_type, refresh_token: 'x' }),
        'unsupported_grant_type',
      );
    },
  );

  it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''])(
    'is refused with the content type "%s"',
    async (type) => {
      const { refreshToken } = await app.client.signUp();
      const raw = JSON.stringify({ grant_type: 'refresh_token', refresh_token: refreshToken });
      const before = await app.countEvents();

      const answer = await app.client.call('POST', '/oauth2/token', {
        raw,
        headers: { 'content-type': type },
      });

      expectOAuthError(answer, 'invalid_request', 415);
      expect(await app.countEvents()).toBe(before);
    },
  );

  it('is refused with its parameters in the query', async () => {
    const { refreshToken } = await app.client.signUp();
    const query = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    });

    expectOAuthError(
      await postForm(app, `/oauth2/token?${query}`, 'client_id=app'),
      'invalid_request',
    );
  });

  it('is refused with a body larger than 64 KiB', async () => {
    expectOAuthError(
      await exchange({ grant_type: 'refresh_token', refresh_token: 'x'.repeat(65 * 1024) }),
      'invalid_request',
      413,
    );
  });

  it('is answered without a quote of its parameters', async () => {
    const secret = 'do-not-repeat-this';
    const answers = [await refresh(secret), await exchange({ grant_type: secret, secret })];

    for (const { status, text } of answers) {
      expect(status).toBe(400);
      expect(text).not.toContain(secret);
    }
  });
});

describe('a form sent to a JSON route', () => {
  it('is refused with unsupported_media_type', async () => {
    const { status } = await postForm(app, '/v1/sessions', 'identifier=x&password=y');

    expect(status).toBe(415);
  });
});
