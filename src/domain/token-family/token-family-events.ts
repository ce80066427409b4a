import type { DomainEvent } from '../decider.ts';
import type { Instant } from '../instant.ts';
import type { ReplayPolicy } from './replay-policy.ts';

// These names are the storage format: never renamed, never reused with another meaning.

/** The client that held a token. Address and agent are personal data; `agentHash` identifies it. */
export type TokenHolder = Readonly<{
  ip: string;
  userAgent: string;
  /** SHA-256 over the family's salt and the user agent: comparable only within one family. */
  agentHash: string;
}>;

/** An access token as events store it. Its `jti` follows from the family's id and `ordinal`. */
export type MintedAccessToken = Readonly<{ ordinal: number; expiresAt: Instant }>;

/** A refresh token as events store it: its SHA-256 (hex) and the id of the key that derives it. */
export type MintedRefreshToken = Readonly<{ tokenHash: string; keyId: number }>;

/** Access tokens `first` to `last` of the family, all expired at `expiresAt`. */
export type AccessTokenSpan = Readonly<{ first: number; last: number; expiresAt: Instant }>;

/** A sign-in: the family's generation 0 and its first access token. */
export type TokenFamilyStarted = DomainEvent<
  'TokenFamilyStarted',
  {
    userId: string;
    householdId: string | null;
    deviceName: string | null;
    holder: TokenHolder;
    /** 16 random bytes, hex; part of every refresh token of the family. */
    salt: string;
    refreshToken: MintedRefreshToken;
    accessToken: MintedAccessToken;
    /** The end of the family if no refresh follows. */
    expiresAt: Instant;
    /** The end of the family however often it is refreshed. */
    absoluteExpiresAt: Instant;
    startedAt: Instant;
  }
>;

/** The live token was exchanged for its one successor, `generation`. */
export type RefreshTokenRotated = DomainEvent<
  'RefreshTokenRotated',
  {
    userId: string;
    householdId: string | null;
    generation: number;
    holder: TokenHolder;
    refreshToken: MintedRefreshToken;
    accessToken: MintedAccessToken;
    /** The end of the family if no refresh follows; never after its absolute end. */
    expiresAt: Instant;
    rotatedAt: Instant;
  }
>;

/** The same client presented the superseded token again and received the same successor. */
export type RefreshTokenReplayed = DomainEvent<
  'RefreshTokenReplayed',
  {
    /** The live generation, issued once more. */
    generation: number;
    holder: TokenHolder;
    accessToken: MintedAccessToken;
    /** The policy in force; null in events older than this field. */
    policy: ReplayPolicy | null;
    replayedAt: Instant;
  }
>;

/** The reason why a superseded token counts as stolen. */
export type TheftCause = 'older_generation' | 'other_client' | 'after_grace';

/** A superseded token was presented: a sign of theft, which ends the family (RFC 9700, 4.14.2). */
export type TokenTheftDetected = DomainEvent<
  'TokenTheftDetected',
  {
    userId: string;
    cause: TheftCause;
    presentedGeneration: number;
    currentGeneration: number;
    /** Seconds since the live token was issued, and so since the presented one was superseded. */
    ageSeconds: number;
    /** The client that presented the superseded token; it or `holder` may be the thief. */
    presenter: TokenHolder;
    /** The client that last received the live token. */
    holder: TokenHolder;
    /** The policy in force; null in events older than this field. */
    policy: ReplayPolicy | null;
    detectedAt: Instant;
  }
>;

/**
 * The session acts for another household. Its earlier access tokens, `accessTokens`, name the
 * previous household and end. `accessToken` replaces them; null when none is issued, or when a
 * refresh in the same append issues it.
 */
export type ActiveHouseholdSwitched = DomainEvent<
  'ActiveHouseholdSwitched',
  {
    userId: string;
    householdId: string;
    previous: string | null;
    cause: 'chosen' | 'membership_lost';
    accessTokens: readonly AccessTokenSpan[];
    accessToken: MintedAccessToken | null;
    switchedAt: Instant;
  }
>;

export type RevocationReason =
  | 'sign_out'
  | 'theft'
  | 'password_changed'
  | 'deactivated'
  | 'erased'
  | 'admin'
  | 'membership_lost';

/** The family and all its tokens are revoked. `accessTokens`: those that may be unexpired. */
export type TokenFamilyRevoked = DomainEvent<
  'TokenFamilyRevoked',
  {
    userId: string;
    reason: RevocationReason;
    accessTokens: readonly AccessTokenSpan[];
    revokedAt: Instant;
  }
>;

/** One access token is revoked; its session continues. */
export type AccessTokenRevoked = DomainEvent<
  'AccessTokenRevoked',
  { userId: string; accessToken: MintedAccessToken; revokedAt: Instant }
>;

export type TokenFamilyEvent =
  | TokenFamilyStarted
  | RefreshTokenRotated
  | RefreshTokenReplayed
  | TokenTheftDetected
  | ActiveHouseholdSwitched
  | AccessTokenRevoked
  | TokenFamilyRevoked;
