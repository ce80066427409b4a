import type { DomainCommand } from '../decider.ts';
import type { Instant } from '../instant.ts';
import type { ReplayPolicy } from './replay-policy.ts';
import type { MintedRefreshToken, RevocationReason, TokenHolder } from './token-family-events.ts';

export type StartTokenFamily = DomainCommand<
  'StartTokenFamily',
  {
    userId: string;
    householdId: string | null;
    deviceName: string | null;
    holder: TokenHolder;
    salt: string;
    refreshToken: MintedRefreshToken;
    accessTokenExpiresAt: Instant;
    idleExpiresAt: Instant;
    absoluteExpiresAt: Instant;
    now: Instant;
  }
>;

/** The token's tag was verified before: `presented` is what our own key once wrote. */
export type RotateRefreshToken = DomainCommand<
  'RotateRefreshToken',
  {
    presented: Readonly<{ generation: number; salt: string }>;
    /** The successor, should this turn out to be a rotation. */
    successor: MintedRefreshToken;
    holder: TokenHolder;
    policy: ReplayPolicy;
    /** The household to act for from now on, which the user is a member of. */
    switchTo?: string;
    /**
     * The number of access tokens that may be valid at once: each is a row when the family ends.
     */
    maxAccessTokens?: number;
    accessTokenExpiresAt: Instant;
    idleExpiresAt: Instant;
    now: Instant;
  }
>;

export type RevokeTokenFamily = DomainCommand<
  'RevokeTokenFamily',
  { reason: RevocationReason; now: Instant }
>;

export type RevokeAccessToken = DomainCommand<
  'RevokeAccessToken',
  { ordinal: number; now: Instant }
>;

/** Switches to a household that the user is a member of. */
export type SwitchActiveHousehold = DomainCommand<
  'SwitchActiveHousehold',
  { householdId: string; accessTokenExpiresAt: Instant; now: Instant }
>;

/** `fallback`: where else the user is a member; null: nowhere. */
export type LoseMembership = DomainCommand<
  'LoseMembership',
  { householdId: string; fallback: string | null; now: Instant }
>;

export type TokenFamilyCommand =
  | StartTokenFamily
  | RotateRefreshToken
  | SwitchActiveHousehold
  | LoseMembership
  | RevokeAccessToken
  | RevokeTokenFamily;
