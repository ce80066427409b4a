import { describe, expect, it } from 'vitest';
import type { AccessTokenClaims } from '../../../src/application/sessions/access-tokens.ts';
import { createIssueTokenPair } from '../../../src/application/sessions/token-pair.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import {
  ann,
  contextFrom,
  createSessionServices,
  policy,
} from '../../support/sessions/session-services.ts';

const setUp = () => {
  const services = createSessionServices();
  const issued: AccessTokenClaims[] = [];
  const { familyId, family } = services.prepareSession(
    { principal: ann, deviceName: null, now: START },
    contextFrom(),
  );
  const issueTokenPair = createIssueTokenPair({
    refreshTokens: services.refreshTokens,
    accessTokens: {
      issue: async (claims) => {
        issued.push(claims);
        return 'signed';
      },
      verify: async () => undefined,
    },
    accessTokenSeconds: policy.accessTokenSeconds,
  });
  return {
    issued,
    issue: (now = START, expiresAt?: string) =>
      issueTokenPair(familyId, family, ann, now, expiresAt),
  };
};

describe('issuing a token pair', () => {
  it('answers the live refresh token of the family with a new access token', async () => {
    expect(await setUp().issue()).toStrictEqual({
      accessToken: 'signed',
      expiresIn: 600,
      refreshToken: 'lkr family-1 0 salt-1 7',
      refreshExpiresIn: 86_400,
      sessionId: 'family-1',
      accessTokenId: 'family-1.0',
    });
  });

  it('puts session, user and household into the claims of the access token', async () => {
    const { issue, issued } = setUp();
    await issue(at(60));
    const start = Date.parse(START) / 1_000;
    expect(issued).toStrictEqual([
      {
        sub: 'user_ann',
        jti: 'family-1.0',
        sid: 'family-1',
        iat: start + 60,
        exp: start + 660,
        auth_time: start,
        hh: 'hh_home',
        hh_role: 'owner',
        role: 'user',
        tier: 'free',
        email_verified: false,
      },
    ]);
  });

  it('ends the access token at the given instant, and answers no negative lifetime', async () => {
    expect(await setUp().issue(at(60), at(90))).toMatchObject({ expiresIn: 30 });
    expect(await setUp().issue(at(60), at(30))).toMatchObject({ expiresIn: 0 });
  });
});
