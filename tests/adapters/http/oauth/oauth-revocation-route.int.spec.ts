import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../support/kernel/eventually.ts';
import { expectProblem, type TokenPair } from '../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../support/servers/latchkey-process.ts';
import {
  PUBLIC_URL,
  type RunningApp,
  startRunningApp,
} from '../../../support/servers/running-app.ts';
import { expectOAuthError } from '../../../support/sessions/expect-oauth-error.ts';
import {
  discoverOAuthClient,
  type OAuthClient,
  postForm,
} from '../../../support/sessions/oauth-client.ts';

const LATCHKEY_MASTER_KEY = newMasterKey();

let app: RunningApp;
let other: RunningApp;
let oauth: OAuthClient;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_MASTER_KEY });
  other = await startRunningApp({ LATCHKEY_MASTER_KEY }, app);
  oauth = await discoverOAuthClient(app, PUBLIC_URL);
});
afterAll(async () => {
  await other.close();
  await app.close();
});

const streamOf = ({ sessionId }: TokenPair): string => `tokenFamily-${sessionId}`;

const lastEvent = async (pair: TokenPair) => {
  const [row] = await app.sql(
    `SELECT type, data->>'reason' AS reason, metadata->>'actor' AS actor FROM events
      WHERE stream_id = $1 ORDER BY revision DESC LIMIT 1`,
    streamOf(pair),
  );
  return row;
};

const revoke = (form: string | Record<string, string>) => postForm(app, '/oauth2/revoke', form);

/** Expects the access token to be refused at once by this process, and soon by the other one. */
const expectAccessTokenDead = async (accessToken: string): Promise<void> => {
  expectProblem(await app.client.me(accessToken), 'access_token_invalid');
  await eventually(
    async () => (await other.client.me(accessToken)).status === 401,
    'the other process refuses the access token',
  );
};

describe('the revocation of a refresh token', () => {
  it('ends its session in every process, like a sign-out', async () => {
    const person = await app.client.signUp();

    await oauth.revoke(person.refreshToken);

    expect(await lastEvent(person)).toStrictEqual({
      type: 'TokenFamilyRevoked',
      reason: 'sign_out',
      actor: person.user.id,
    });
    await expect(oauth.refresh(person.refreshToken)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expectProblem(await other.client.refresh(person.refreshToken), 'refresh_token_invalid');
    await expectAccessTokenDead(person.accessToken);
  });

  it('ends its session even if the token was exchanged long ago', async () => {
    const [first, , last] = await app.client.rotate(await app.client.signUp(), 2);

    await oauth.revoke(first?.refreshToken ?? '');

    expect(await lastEvent(first as TokenPair)).toMatchObject({ reason: 'sign_out' });
    expectProblem(await app.client.refresh(last?.refreshToken ?? ''), 'refresh_token_invalid');
    await expectAccessTokenDead(last?.accessToken ?? '');
  });

  it('leaves the other sessions of the user live', async () => {
    const person = await app.client.signUp();
    const elsewhere = (await app.client.signIn(person.user.email)).json as TokenPair;

    await oauth.revoke(person.refreshToken);

    expect((await app.client.me(elsewhere.accessToken)).status).toBe(200);
  });
});

describe('the revocation of an access token', () => {
  it('revokes only that token, in every process', async () => {
    const person = await app.client.signUp();

    await oauth.revoke(person.accessToken);

    await expectAccessTokenDead(person.accessToken);
    expect(await lastEvent(person)).toMatchObject({
      type: 'AccessTokenRevoked',
      actor: person.user.id,
    });
    expect((await app.client.refresh(person.refreshToken)).status).toBe(200);
  });

  it.each(['refresh_token', 'access_token', 'nonsense'])(
    'ignores the hint %s',
    async (token_type_hint) => {
      const { accessToken } = await app.client.signUp();

      const { status, text } = await revoke({ token: accessToken, token_type_hint });

      expect({ status, text }).toStrictEqual({ status: 200, text: '' });
      expectProblem(await app.client.me(accessToken), 'access_token_invalid');
    },
  );
});

describe('the revocation of an invalid or revoked token', () => {
  const flipLast = (token: string) =>
    `${token.slice(0, -5)}${token.at(-5) === 'A' ? 'B' : 'A'}xxxx`;

  it.each<[string, (pair: TokenPair) => string]>([
    ['nonsense', () => 'nonsense'],
    ['NUL', () => 'lkr_\0'],
    ['a jti', ({ accessToken }) => String(decodeJwt(accessToken).jti)],
    ['a session id', ({ sessionId }) => sessionId],
    ['a forged refresh token', ({ refreshToken }) => flipLast(refreshToken)],
    ['a forged access token', ({ accessToken }) => flipLast(accessToken)],
    [
      'an access token without signature',
      ({ accessToken }) => `${accessToken.split('.').slice(0, 2).join('.')}.`,
    ],
    ['a very long text', () => 'x'.repeat(60_000)],
  ])('is answered with 200 and ends no session: %s', async (_, make) => {
    const person = await app.client.signUp();
    const before = await app.countEvents();

    const { status, headers } = await revoke({ token: make(person) });

    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(await app.countEvents()).toBe(before);
    expect((await app.client.me(person.accessToken)).status).toBe(200);
    expect((await app.client.refresh(person.refreshToken)).status).toBe(200);
  });

  it('is answered with 200 and stores nothing when repeated', async () => {
    const person = await app.client.signUp();
    await oauth.revoke(person.accessToken);
    await oauth.revoke(person.refreshToken);
    const before = await app.countEvents();

    await oauth.revoke(person.refreshToken);
    await oauth.revoke(person.accessToken);

    expect(await app.countEvents()).toBe(before);
  });

  it.each(['', 'token=', 'token_type_hint=access_token', 'token=a&token=b'])(
    'is refused without exactly one token: "%s"',
    async (form) => {
      expectOAuthError(await revoke(form), 'invalid_request');
    },
  );

  it('is refused as JSON', async () => {
    const answer = await app.client.call('POST', '/oauth2/revoke', { body: { token: 'x' } });

    expectOAuthError(answer, 'invalid_request', 415);
  });
});
