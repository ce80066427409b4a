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

export type AccessTokens = Readonly<{
  /** A signed JWT, `typ: at+jwt`. */
  issue(claims: AccessTokenClaims): Promise<string>;
  /**
   * Checks signature, `typ`, `iss`, `aud`, `exp`, `nbf`; `undefined` when any of them fails.
   * Knows nothing of revocation: see `AccessTokenDenylist`.
   */
  verify(token: string): Promise<AccessTokenClaims | undefined>;
}>;
