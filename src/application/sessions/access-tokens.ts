import type { HouseholdRole } from '../../domain/household/household-events.ts';
import type { UserRole, UserTier } from '../../domain/user/user-events.ts';

/** The claims of an access token (RFC 9068). Times are NumericDates: seconds since the epoch. */
export type AccessTokenClaims = Readonly<{
  /** User id. */
  sub: string;
  /** `<family>.<ordinal>` */
  jti: string;
  /** The token family: one sign-in. */
  sid: string;
  iat: number;
  exp: number;
  auth_time: number;
  /** The active household and the role in it. */
  hh: string | null;
  hh_role: HouseholdRole | null;
  role: UserRole;
  tier: UserTier;
  email_verified: boolean;
}>;

/** Issues and verifies access tokens. */
export type AccessTokens = Readonly<{
  /** Signs a JWT with `typ: at+jwt`. */
  issue(claims: AccessTokenClaims): Promise<string>;
  /**
   * Checks signature, `typ`, `iss`, `aud`, `exp` and `nbf`; returns undefined when a check fails.
   * It does not check revocation: see `AccessTokenDenylist`.
   */
  verify(token: string): Promise<AccessTokenClaims | undefined>;
}>;
