import { fold } from '../../domain/decider.ts';
import type { Instant } from '../../domain/instant.ts';
import { accessTokenId } from '../../domain/token-family/access-token-spans.ts';
import type { LiveTokenFamily } from '../../domain/token-family/token-family-state.ts';
import type { Principal } from '../identity/account-directory.ts';
import { tokenFamilyAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { AccessTokenDenylist } from './access-token-denylist.ts';
import type { AccessTokenClaims, AccessTokens } from './access-tokens.ts';
import type { RefreshContextLoader } from './refresh-context-loader.ts';
import type { PresentedRefreshToken, RefreshTokenCodec } from './refresh-token-codec.ts';

type Dependencies = Readonly<{
  accessTokens: AccessTokens;
  denylist: AccessTokenDenylist;
  refreshTokens: RefreshTokenCodec;
  loadRefreshContext: RefreshContextLoader;
  clock: Clock;
  /** `iss` of our access tokens: the public URL. */
  issuer: string;
  /** `aud` of our access tokens. */
  audience: string;
}>;

/** RFC 7662, 2.2. Times are NumericDates: seconds since the epoch. */
export type Introspection =
  | Readonly<{ active: false }>
  | (Readonly<{ active: true; token_type: 'Bearer'; iss: string; aud: string }> & AccessTokenClaims)
  | (Readonly<{ active: true; token_type: 'refresh_token'; iss: string }> &
      Pick<AccessTokenClaims, 'sub' | 'sid' | 'iat' | 'exp'>);

type Session = Readonly<{ family: LiveTokenFamily; principal: Principal }>;

const INACTIVE = { active: false } as const;

const numericDate = (instant: Instant): number => Math.floor(Date.parse(instant) / 1000);

export type IntrospectToken = ReturnType<typeof createIntrospectToken>;

/**
 * Reports whether a token is valid at this moment; writes nothing. A superseded refresh token is
 * merely not active: introspecting it is not an attempt to use it, so it is no sign of theft.
 * @throws ApplicationError `service_unavailable` where the denylist or the tables cannot be read
 */
export const createIntrospectToken = ({
  accessTokens,
  denylist,
  refreshTokens,
  loadRefreshContext,
  clock,
  issuer,
  audience,
}: Dependencies) => {
  /** Undefined once the session has ended or its user was deactivated. */
  const findSession = async (familyId: string): Promise<Session | undefined> => {
    const { family: history, principal } = await loadRefreshContext(familyId);
    const { decider } = tokenFamilyAggregate;
    const family = fold(decider, history.snapshot ?? decider.initialState, history.events);
    return family.status === 'live' && principal?.active ? { family, principal } : undefined;
  };

  const ofRefreshToken = async ({
    familyId,
    generation,
    salt,
  }: PresentedRefreshToken): Promise<Introspection> => {
    const family = (await findSession(familyId))?.family;
    const isLive = family?.salt === salt && family.generation === generation;
    if (!isLive || clock.now() >= family.expiresAt) return INACTIVE;
    return {
      active: true,
      token_type: 'refresh_token',
      iss: issuer,
      sub: family.userId,
      sid: familyId,
      iat: numericDate(family.issuedAt),
      exp: numericDate(family.expiresAt),
    };
  };

  /** The family's own list is ahead of the denylist's feed, which may still be on its way here. */
  const isRevoked = ({ jti, sid }: AccessTokenClaims, { revokedAccessTokens }: LiveTokenFamily) =>
    denylist.has(jti) ||
    revokedAccessTokens.some(({ ordinal }) => accessTokenId(sid, ordinal) === jti);

  const ofAccessToken = async (token: string): Promise<Introspection> => {
    const claims = await accessTokens.verify(token);
    const session = claims && (await findSession(claims.sid));
    if (!session || isRevoked(claims, session.family)) return INACTIVE;
    const { role, tier, emailVerified, householdId, householdRole } = session.principal;
    return {
      active: true,
      token_type: 'Bearer',
      iss: issuer,
      aud: audience,
      ...claims,
      // What the user is by now, not what they were when the token was signed.
      role,
      tier,
      email_verified: emailVerified,
      hh_role: claims.hh === householdId ? householdRole : claims.hh_role,
    };
  };

  return async (token: string): Promise<Introspection> => {
    const presented = refreshTokens.parse(token);
    return presented ? ofRefreshToken(presented) : ofAccessToken(token);
  };
};
