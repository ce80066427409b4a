import type { Instant } from '../../domain/instant.ts';
import { plusSeconds, secondsBetween } from '../../domain/instant.ts';
import { accessTokenId } from '../../domain/token-family/access-token-spans.ts';
import type { LiveTokenFamily } from '../../domain/token-family/token-family-state.ts';
import type { Principal } from '../identity/account-directory.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { RefreshTokenCodec } from './refresh-token-codec.ts';

/** The tokens that a client receives at sign-in and at each refresh. Lifetimes in seconds. */
export type TokenPair = Readonly<{
  accessToken: string;
  expiresIn: number;
  refreshToken: string;
  refreshExpiresIn: number;
  sessionId: string;
  accessTokenId: string;
}>;

type Dependencies = Readonly<{
  accessTokens: AccessTokens;
  refreshTokens: RefreshTokenCodec;
  accessTokenSeconds: number;
}>;

export type IssueTokenPair = ReturnType<typeof createIssueTokenPair>;

const numericDate = (instant: Instant): number => Math.floor(Date.parse(instant) / 1000);

/**
 * Derives the live refresh token of `family` and signs the access token that its last event minted.
 * Call it only after that event is stored: no token may be issued that the log does not contain.
 * `accessTokenExpiresAt`: as in that event, where it is not the usual lifetime.
 */
export const createIssueTokenPair =
  ({ accessTokens, refreshTokens, accessTokenSeconds }: Dependencies) =>
  async (
    familyId: string,
    family: LiveTokenFamily,
    principal: Principal,
    now: Instant,
    accessTokenExpiresAt: Instant = plusSeconds(now, accessTokenSeconds),
  ): Promise<TokenPair> => {
    const { generation, salt, keyId } = family;
    const iat = numericDate(now);
    const exp = numericDate(accessTokenExpiresAt);
    const jti = accessTokenId(familyId, family.minted - 1);
    const accessToken = await accessTokens.issue({
      sub: family.userId,
      jti,
      sid: familyId,
      iat,
      exp,
      auth_time: numericDate(family.startedAt),
      hh: principal.householdId,
      hh_role: principal.householdRole,
      role: principal.role,
      tier: principal.tier,
      email_verified: principal.emailVerified,
    });
    return {
      accessToken,
      expiresIn: Math.max(0, exp - iat),
      refreshToken: refreshTokens.derive({ familyId, generation, salt, keyId }).token,
      refreshExpiresIn: secondsBetween(now, family.expiresAt),
      sessionId: familyId,
      accessTokenId: jti,
    };
  };
