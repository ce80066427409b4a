import type { JWTPayload } from 'jose';
import type { AccessTokenClaims } from '../../application/sessions/access-tokens.ts';
import type { HouseholdRole } from '../../domain/household/household-events.ts';
import type { UserRole, UserTier } from '../../domain/user/user-events.ts';

// Records, not lists: a role that is missing here does not compile.
const HOUSEHOLD_ROLES: Record<HouseholdRole, true> = {
  owner: true,
  admin: true,
  member: true,
  viewer: true,
};
const USER_ROLES: Record<UserRole, true> = { user: true, admin: true };
const USER_TIERS: Record<UserTier, true> = { anonymous: true, free: true, member: true };

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** NumericDate (RFC 7519, 2) in whole seconds, as Latchkey writes it. */
const isTime = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) > 0;

const isOneOf = <Name extends string>(names: Record<Name, true>, value: unknown): value is Name =>
  typeof value === 'string' && Object.hasOwn(names, value);

/** Picks Latchkey's claims from a payload; `undefined` when one is missing or malformed. */
export const parseAccessTokenClaims = (payload: JWTPayload): AccessTokenClaims | undefined => {
  const { sub, jti, sid, iat, exp, auth_time, hh, hh_role, role, tier, email_verified } = payload;
  if (!isText(sub) || !isText(jti) || !isText(sid)) return undefined;
  if (!isTime(iat) || !isTime(exp) || !isTime(auth_time)) return undefined;
  if (!isOneOf(USER_ROLES, role) || !isOneOf(USER_TIERS, tier)) return undefined;
  if (hh !== null && !isText(hh)) return undefined;
  if (hh_role !== null && !isOneOf(HOUSEHOLD_ROLES, hh_role)) return undefined;
  if (typeof email_verified !== 'boolean') return undefined;
  return Object.freeze({
    sub,
    jti,
    sid,
    iat,
    exp,
    auth_time,
    hh,
    hh_role,
    role,
    tier,
    email_verified,
  });
};
