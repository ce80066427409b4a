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

/** The response of an introspection (RFC 7662, 2.2). Times are NumericDates: seconds since 1970. */
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
 * Reports the current state of a token and writes nothing. A superseded refresh token is inactive,
 * but introspecting it is no sign of theft, as the client does not use it.
 * @throws ApplicationError `service_unavailable`
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
  /** Returns undefined for an ended session and for a deactivated user. */
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

  /** The family's stream shows a revocation before the denylist's feed does. */
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
      // The user's current values, not those at the time of the signature.
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
