import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  PUBLIC_URL,
  type RunningApp,
  startRunningApp,
} from '../../../../support/servers/running-app.ts';

const PUBLIC_MEMBERS = {
  ES256: ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
  EdDSA: ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
  RS256: ['alg', 'e', 'kid', 'kty', 'n', 'use'],
} as const;

describe.each(['ES256', 'EdDSA', 'RS256'] as const)('when tokens are signed with %s', (alg) => {
  let app: RunningApp;
  let jwks: JSONWebKeySet;
  beforeAll(async () => {
    app = await startRunningApp({ LATCHKEY_SIGNING_ALGORITHM: alg });
    const answer = await app.client.call('GET', '/.well-known/jwks.json');
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'public, max-age=300' },
    });
    jwks = answer.json as JSONWebKeySet;
  });
  afterAll(() => app.close());

  it('publishes only the public parts of the active and the next key', () => {
    expect(jwks.keys.map((key) => Object.keys(key).sort())).toStrictEqual([
      PUBLIC_MEMBERS[alg],
      PUBLIC_MEMBERS[alg],
    ]);
    expect(jwks.keys.map((key) => [key.alg, key.use])).toStrictEqual([
      [alg, 'sig'],
      [alg, 'sig'],
    ]);
  });

  it('lets a client verify an access token', async () => {
    const { accessToken, sessionId, user } = await app.client.signUp();

    const { payload, protectedHeader } = await jwtVerify(accessToken, createLocalJWKSet(jwks), {
      issuer: PUBLIC_URL,
      audience: PUBLIC_URL,
      typ: 'at+jwt',
      algorithms: [alg],
    });

    const now = expect.any(Number);
    expect(protectedHeader).toStrictEqual({ alg, typ: 'at+jwt', kid: expect.any(String) });
    expect(payload).toStrictEqual({
      iss: PUBLIC_URL,
      aud: PUBLIC_URL,
      sub: user.id,
      iat: now,
      exp: (payload.iat ?? 0) + 600,
      auth_time: payload.iat,
      jti: `${sessionId}.0`,
      sid: sessionId,
      hh: expect.stringMatching(/^hh_/),
      hh_role: 'owner',
      role: 'user',
      tier: 'free',
      email_verified: false,
    });
  });
});
