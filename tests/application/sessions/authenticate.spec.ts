import { describe, expect, it } from 'vitest';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import type { AccessTokenClaims } from '../../../src/application/sessions/access-tokens.ts';
import { createAuthenticate } from '../../../src/application/sessions/authenticate.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { createOpenedSessions } from '../../support/sessions/opened-sessions.ts';

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
const refusal = new ApplicationError('access_token_invalid');

const setUp = async () => {
  const { denylist } = await createOpenedSessions();
  const verify = async (token: string) => (token === 'genuine' ? claims : undefined);
  const accessTokens = { verify, issue: async () => 'genuine' };
  return { denylist, authenticate: createAuthenticate({ accessTokens, denylist }) };
};

describe('authenticating with an access token', () => {
  it('answers the claims of a genuine token', async () => {
    const { authenticate } = await setUp();
    expect(await authenticate('genuine')).toBe(claims);
  });

  it('refuses a token that is not genuine', async () => {
    const { authenticate } = await setUp();
    await expect(authenticate('forged')).rejects.toStrictEqual(refusal);
  });

  it('refuses a genuine token from the moment it is revoked', async () => {
    const { authenticate, denylist } = await setUp();
    denylist.add('family-1.0', at(600));
    await expect(authenticate('genuine')).rejects.toStrictEqual(refusal);
  });

  it('accepts a genuine token while another token of its session is revoked', async () => {
    const { authenticate, denylist } = await setUp();
    denylist.add('family-1.1', at(600));
    expect(await authenticate('genuine')).toBe(claims);
  });
});
