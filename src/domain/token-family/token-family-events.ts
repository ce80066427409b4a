import type { DomainEvent } from '../decider.ts';
import type { Instant } from '../instant.ts';
import type { ReplayPolicy } from './replay-policy.ts';

// These names are the storage format: never renamed, never reused with another meaning.

/**
 * The holder of a token. Address and agent are personal data; `agentHash` recognises the client
 * again.
 */
export type TokenHolder = Readonly<{
  ip: string;
  userAgent: string;
  /** SHA-256 over the family's salt and the user agent: comparable only within one family. */
  agentHash: string;
}>;

/** An access token as the log knows it: the `ordinal`-th of its family. Its `jti` follows from both. */
export type MintedAccessToken = Readonly<{ ordinal: number; expiresAt: Instant }>;

/** A refresh token as the log knows it: never the token, only its SHA-256 (hex) and the key that made it. */
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
    /** 16 random bytes, hex. Goes into every token of the family. */
    salt: string;
    refreshToken: MintedRefreshToken;
    accessToken: MintedAccessToken;
    /** The family ends here if it is not used again. */
    expiresAt: Instant;
    /** The family ends here however much it is used. */
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
    /** The family ends here if it is not used again; never past its absolute end. */
    expiresAt: Instant;
    rotatedAt: Instant;
  }
>;

/** The same client asked again for the successor it never received, and got the identical one. */
export type RefreshTokenReplayed = DomainEvent<
  'RefreshTokenReplayed',
  {
    /** The live generation, handed out once more. */
    generation: number;
    holder: TokenHolder;
    accessToken: MintedAccessToken;
    /** The policy in force at the time; null in events from before it was recorded. */
    policy: ReplayPolicy | null;
    replayedAt: Instant;
  }
>;

/** The reason why a superseded token counts as theft. */
export type TheftCause = 'older_generation' | 'other_client' | 'after_grace';

/** A superseded token was presented: a theft signal that also ends the family (RFC 9700, 4.14.2). */
export type TokenTheftDetected = DomainEvent<
  'TokenTheftDetected',
  {
    userId: string;
    cause: TheftCause;
    presentedGeneration: number;
    currentGeneration: number;
    /** Seconds since the live token was issued: the presented one was superseded at least that long. */
    ageSeconds: number;
    /**
     * The client that presented the superseded token. One of both parties is the thief; the log
     * does not guess which.
     */
    presenter: TokenHolder;
    /** The client that last received the live token. */
    holder: TokenHolder;
    /** The policy in force at the time; null in events from before it was recorded. */
    policy: ReplayPolicy | null;
    detectedAt: Instant;
  }
>;

/**
 * The session acts for another household from here on. Access tokens from before speak of the one
 * before: they end. `accessToken`: the one that takes their place, unless a refresh token is exchanged
 * in the same breath.
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

/**
 * The family ends: none of its tokens works any more. `accessTokens` are those that may still be
 * unexpired.
 */
export type TokenFamilyRevoked = DomainEvent<
  'TokenFamilyRevoked',
  {
    userId: string;
    reason: RevocationReason;
    accessTokens: readonly AccessTokenSpan[];
    revokedAt: Instant;
  }
>;

/** One access token is revoked; the session continues. */
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
