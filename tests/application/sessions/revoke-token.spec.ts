import { describe, expect, it } from 'vitest';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import type { AccessTokenClaims } from '../../../src/application/sessions/access-tokens.ts';
import { createRevokeToken } from '../../../src/application/sessions/revoke-token.ts';
import { contextFrom, createSessionServices } from '../../support/sessions/session-services.ts';

const claims: AccessTokenClaims = {
  sub: 'user_ann',
  jti: 'family-1.0',
  sid: 'family-1',
  iat: 0,
  exp: 600,
  auth_time: 0,
  hh: null,
  hh_role: null,
  role: 'user',
  tier: 'free',
  email_verified: false,
};

const setUp = async (refusal?: Error) => {
  const services = createSessionServices();
  const { refreshToken } = await services.open();
  const revoked: unknown[] = [];
  const revoke = createRevokeToken({
    ...services,
    accessTokens: {
      issue: async () => 'genuine',
      verify: async (token) => (token === 'genuine' ? claims : undefined),
    },
    revokeAccessToken: async (input, { actor }) => {
      if (refusal !== undefined) throw refusal;
      revoked.push({ ...input, actor });
    },
  });
  return {
    ...services,
    refreshToken,
    revokedAccessTokens: revoked,
    revoke: (token: string) => revoke(token, contextFrom()),
  };
};

const typesOf = async ({ eventsOf }: Awaited<ReturnType<typeof setUp>>) =>
  (await eventsOf('family-1')).map(({ type }) => type);

describe('revoking a refresh token', () => {
  it('ends its session', async () => {
    const session = await setUp();
    await session.revoke(session.refreshToken);
    expect((await session.eventsOf('family-1')).at(-1)).toMatchObject({
      type: 'TokenFamilyRevoked',
      data: { reason: 'sign_out' },
    });
    expect([...session.revoked.keys()]).toStrictEqual(['family-1.0']);
  });

  it('ends its session once', async () => {
    const session = await setUp();
    await session.revoke(session.refreshToken);
    await session.revoke(session.refreshToken);
    expect(await typesOf(session)).toStrictEqual(['TokenFamilyStarted', 'TokenFamilyRevoked']);
  });

  it.each([
    ['of a generation that was never issued', 'lkr family-1 1 salt-1 7'],
    ['with the salt of another family', 'lkr family-1 0 salt-2 7'],
    ['of a family that does not exist', 'lkr family-2 0 salt-1 7'],
    ['that does not carry our tag', 'forged family-1 0 salt-1 7'],
  ])('ends no session %s', async (_, token) => {
    const session = await setUp();
    await session.revoke(token);
    expect(await typesOf(session)).toStrictEqual(['TokenFamilyStarted']);
  });
});

describe('revoking an access token as an OAuth client', () => {
  it('revokes it on behalf of its own user', async () => {
    const { revoke, revokedAccessTokens } = await setUp();
    await revoke('genuine');
    expect(revokedAccessTokens).toStrictEqual([
      { jti: 'family-1.0', userId: 'user_ann', actor: 'user_ann' },
    ]);
  });

  it('succeeds when its session does not exist any more', async () => {
    const { revoke } = await setUp(new ApplicationError('access_token_not_found'));
    await expect(revoke('genuine')).resolves.toBeUndefined();
  });

  it('passes on that it could not be revoked', async () => {
    const away = new ApplicationError('service_unavailable');
    const { revoke } = await setUp(away);
    await expect(revoke('genuine')).rejects.toBe(away);
  });
});
