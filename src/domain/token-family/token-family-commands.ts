import type { DomainCommand } from '../decider.ts';
import type { Instant } from '../instant.ts';
import type { ReplayPolicy } from './replay-policy.ts';
import type { MintedRefreshToken, RevocationReason, TokenHolder } from './token-family-events.ts';

/** Starts the family of a new sign-in; `idleExpiresAt` applies until the first refresh. */
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

/** Exchanges a refresh token whose authentication tag was verified by the caller. */
export type RotateRefreshToken = DomainCommand<
  'RotateRefreshToken',
  {
    presented: Readonly<{ generation: number; salt: string }>;
    /** The successor, used only if the verdict is a rotation. */
    successor: MintedRefreshToken;
    holder: TokenHolder;
    policy: ReplayPolicy;
    /** The household to activate; the caller has checked the membership. */
    switchTo?: string;
    /** Limit on unexpired access tokens: each becomes a row when the family is revoked. */
    maxAccessTokens?: number;
    accessTokenExpiresAt: Instant;
    idleExpiresAt: Instant;
    now: Instant;
  }
>;

/** Ends the family and every token of it. */
export type RevokeTokenFamily = DomainCommand<
  'RevokeTokenFamily',
  { reason: RevocationReason; now: Instant }
>;

/** Revokes the `ordinal`-th access token; the family remains live. */
export type RevokeAccessToken = DomainCommand<
  'RevokeAccessToken',
  { ordinal: number; now: Instant }
>;

/** Activates another household; the caller has checked the membership. */
export type SwitchActiveHousehold = DomainCommand<
  'SwitchActiveHousehold',
  { householdId: string; accessTokenExpiresAt: Instant; now: Instant }
>;

/** Reacts to the end of a membership. `fallback`: another household of the user; null: none. */
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
