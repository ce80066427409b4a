import { describe, expect, it } from 'vitest';
import { tokenFamilyAggregate } from '../../../src/application/kernel/aggregate.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import type { AccessTokenClaims } from '../../../src/application/sessions/access-tokens.ts';
import { createIntrospectToken } from '../../../src/application/sessions/introspect-token.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import {
  ann,
  contextFrom,
  createSessionServices,
  policy,
} from '../../support/sessions/session-services.ts';

const NOW = Date.parse(START) / 1000;
const INACTIVE = { active: false };

const claims: AccessTokenClaims = {
  sub: 'user_ann',
  jti: 'family-1.0',
  sid: 'family-1',
  iat: NOW,
  exp: NOW + 600,
  auth_time: NOW,
  hh: 'hh_home',
  hh_role: 'owner',
  role: 'user',
  tier: 'free',
  email_verified: false,
};

const setUp = async () => {
  const services = createSessionServices();
  const { refreshToken } = await services.open();
  const introspect = createIntrospectToken({
    ...services,
    accessTokens: {
      issue: async () => 'genuine',
      verify: async (token) => (token === 'genuine' ? claims : undefined),
    },
    issuer: 'https://auth.example.test',
    audience: 'https://api.example.test',
  });
  return { ...services, refreshToken, introspect };
};

const token = (generation: number, salt = 'salt-1') => `lkr family-1 ${generation} ${salt} 7`;

describe('introspecting an access token', () => {
  it('answers that a valid token is active, and its claims', async () => {
    const { introspect } = await setUp();
    expect(await introspect('genuine')).toStrictEqual({
      active: true,
      token_type: 'Bearer',
      iss: 'https://auth.example.test',
      aud: 'https://api.example.test',
      ...claims,
    });
  });

  it('answers the present state of the user, and the household the token was issued for', async () => {
    const { introspect, principals } = await setUp();
    const now = { ...ann, role: 'admin', tier: 'member', emailVerified: true } as const;
    principals.set(ann.userId, { ...now, householdRole: 'viewer' });
    const promoted = { role: 'admin', tier: 'member', email_verified: true };
    expect(await introspect('genuine')).toMatchObject({
      ...promoted,
      hh: 'hh_home',
      hh_role: 'viewer',
    });

    principals.set(ann.userId, { ...now, householdId: 'hh_other', householdRole: 'viewer' });
    expect(await introspect('genuine')).toMatchObject({
      ...promoted,
      hh: 'hh_home',
      hh_role: 'owner',
    });
  });

  it('answers inactive when the denylist has the token', async () => {
    const { introspect, denylist } = await setUp();
    denylist.add('family-1.0', at(600));
    expect(await introspect('genuine')).toStrictEqual(INACTIVE);
  });

  it('answers inactive when only the stream of the session knows the revocation', async () => {
    const { introspect, commands, denylist } = await setUp();
    const revocation = { type: 'RevokeAccessToken', data: { ordinal: 0, now: START } } as const;
    await commands.execute(tokenFamilyAggregate, 'family-1', revocation, contextFrom());
    expect(denylist.has('family-1.0')).toBe(false);
    expect(await introspect('genuine')).toStrictEqual(INACTIVE);
  });

  it('answers inactive when the session has ended, or the user is deactivated or gone', async () => {
    const { introspect, revokeTokenFamily, principals, revoked } = await setUp();
    principals.set(ann.userId, { ...ann, active: false });
    expect(await introspect('genuine')).toStrictEqual(INACTIVE);
    principals.delete(ann.userId);
    expect(await introspect('genuine')).toStrictEqual(INACTIVE);
    principals.set(ann.userId, ann);
    await revokeTokenFamily('family-1', 'sign_out', contextFrom());
    revoked.clear();
    expect(await introspect('genuine')).toStrictEqual(INACTIVE);
  });

  it('fails when it cannot be read whether the token is revoked', async () => {
    const services = await setUp();
    const stale = new ApplicationError('service_unavailable');
    const introspect = createIntrospectToken({
      ...services,
      accessTokens: { issue: async () => '', verify: async () => claims },
      denylist: {
        add: () => undefined,
        has: () => {
          throw stale;
        },
      },
      issuer: '',
      audience: '',
    });
    await expect(introspect('genuine')).rejects.toBe(stale);
  });
});

describe('introspecting a refresh token', () => {
  it('answers active for the live token of a session', async () => {
    const { introspect, refreshToken } = await setUp();
    expect(await introspect(refreshToken)).toStrictEqual({
      active: true,
      token_type: 'refresh_token',
      iss: 'https://auth.example.test',
      sub: 'user_ann',
      sid: 'family-1',
      iat: NOW,
      exp: NOW + policy.refreshIdleSeconds,
    });
  });

  it.each([
    ['a generation to come', token(1)],
    ['the salt of another family', token(0, 'salt-2')],
    ['a family that does not exist', 'lkr family-2 0 salt-1 7'],
    ['no tag of ours', 'forged'],
  ])('answers inactive for a token with %s', async (_, presented) => {
    const { introspect } = await setUp();
    expect(await introspect(presented)).toStrictEqual(INACTIVE);
  });

  it('answers inactive from the instant the session expires', async () => {
    const { introspect, refreshToken, clock } = await setUp();
    clock.advance(policy.refreshIdleSeconds - 0.001);
    expect(await introspect(refreshToken)).toMatchObject({ active: true });
    clock.advance(0.001);
    expect(await introspect(refreshToken)).toStrictEqual(INACTIVE);
  });
});
