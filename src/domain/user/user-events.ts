import type { DomainEvent } from '../decider.ts';
import type { Instant } from '../instant.ts';
import type { IssuedToken } from '../one-time-token.ts';

// These names are the storage format: never renamed, never reused with another meaning.

export type UserRole = 'user' | 'admin';
export type UserTier = 'anonymous' | 'free' | 'member';

/** The origin of a request. Personal data: encrypted in the stored event. */
export type ClientDetails = Readonly<{ ip: string; userAgent: string }>;

/** An account exists. `householdId`: its default household, created in the same append. */
export type UserRegistered = DomainEvent<
  'UserRegistered',
  {
    email: string | null;
    username: string | null;
    displayName: string;
    /** PHC string; null when the account has no password. */
    passwordHash: string | null;
    householdId: string;
    role: UserRole;
    tier: UserTier;
    /** A language tag (RFC 5646), for mails. */
    locale: string;
    /**
     * Set if e-mail and username are unclaimed, and sign-in refused, until the address is verified.
     */
    pending: boolean;
    registeredAt: Instant;
  }
>;

/** The origin of an imported account. `checksum`: a keyed hash (hex) of its row or line. */
export type Provenance = Readonly<{ source: string; id: string; checksum: string }>;

/** An account of another system, imported with its id, password hash and age. */
export type UserImported = DomainEvent<
  'UserImported',
  {
    email: string | null;
    emailVerified: boolean;
    username: string | null;
    displayName: string;
    /** The hash of the other system; null when it had none that is readable. */
    passwordHash: string | null;
    householdId: string;
    role: UserRole;
    tier: UserTier;
    locale: string;
    active: boolean;
    provenance: Provenance;
    createdAt: Instant;
    importedAt: Instant;
  }
>;

/** A token that verifies `email` was issued and is sent there. */
export type EmailVerificationRequested = DomainEvent<
  'EmailVerificationRequested',
  { email: string; token: IssuedToken; requestedAt: Instant }
>;

/** The user verified `email`. A pending account becomes usable. */
export type EmailVerified = DomainEvent<'EmailVerified', { email: string; verifiedAt: Instant }>;

/** `email`: the new address, to which the token is sent. */
export type EmailChangeRequested = DomainEvent<
  'EmailChangeRequested',
  { email: string; token: IssuedToken; requestedAt: Instant }
>;

/**
 * The new address is verified and in use. `undo` is sent to the previous address and reverts the
 * change. `undoes`: the number of the change that this one reverted, by its token or by a return to
 * that address.
 */
export type EmailChanged = DomainEvent<
  'EmailChanged',
  {
    email: string;
    previous: string | null;
    undo: Readonly<{ number: number; token: IssuedToken }> | null;
    undoes: number | null;
    /** `previous` is reserved until then, as the change can be reverted; null: it is available. */
    previousHeldUntil: Instant | null;
    changedAt: Instant;
  }
>;

export type DisplayNameChanged = DomainEvent<
  'DisplayNameChanged',
  { displayName: string; changedAt: Instant }
>;

/** `previous`: the username that becomes available. */
export type UsernameChanged = DomainEvent<
  'UsernameChanged',
  { username: string; previous: string | null; changedAt: Instant }
>;

export type LocaleChanged = DomainEvent<'LocaleChanged', { locale: string; changedAt: Instant }>;

/** `email`: the address to which the token is sent, and which its use verifies. */
export type PasswordResetRequested = DomainEvent<
  'PasswordResetRequested',
  { email: string; token: IssuedToken; requestedAt: Instant }
>;

export type PasswordChangeReason = 'change' | 'reset' | 'admin';

/** `passwordHash` null: the password was removed, and only a reset sets another. */
export type PasswordChanged = DomainEvent<
  'PasswordChanged',
  { passwordHash: string | null; reason: PasswordChangeReason; changedAt: Instant }
>;

/** The same password was hashed with newer parameters at a successful sign-in. */
export type PasswordRehashed = DomainEvent<
  'PasswordRehashed',
  { passwordHash: string; rehashedAt: Instant }
>;

/** The password of a known, unlocked account was wrong. Unknown identifiers leave no event. */
export type SignInFailed = DomainEvent<
  'SignInFailed',
  { client: ClientDetails; failedAt: Instant }
>;

/** Too many sign-ins failed in the window. No further failure is recorded until `lockedUntil`. */
export type UserLocked = DomainEvent<'UserLocked', { lockedAt: Instant; lockedUntil: Instant }>;

/** The lock ended before its time. */
export type UserUnlocked = DomainEvent<
  'UserUnlocked',
  { reason: 'password_reset' | 'admin'; unlockedAt: Instant }
>;

export type RoleChanged = DomainEvent<
  'RoleChanged',
  { role: UserRole; previous: UserRole; changedAt: Instant }
>;

export type TierChanged = DomainEvent<
  'TierChanged',
  { tier: UserTier; previous: UserTier; changedAt: Instant }
>;

export type UserDeactivated = DomainEvent<'UserDeactivated', { deactivatedAt: Instant }>;

/** The account may sign in again. Tokens issued earlier remain revoked. */
export type UserReactivated = DomainEvent<'UserReactivated', { reactivatedAt: Instant }>;

/**
 * The user is erased: the key to the personal data is deleted, and the stream gets no more events.
 */
export type UserErased = DomainEvent<'UserErased', { erasedAt: Instant }>;

/** A guest entered credentials; they take effect once the address is verified. */
export type GuestUpgradeRequested = DomainEvent<
  'GuestUpgradeRequested',
  {
    email: string;
    username: string | null;
    displayName: string;
    passwordHash: string;
    requestedAt: Instant;
  }
>;

/** A guest has become a user who can sign in; id, household and sessions stay. */
export type GuestUpgraded = DomainEvent<
  'GuestUpgraded',
  { email: string; displayName: string; passwordHash: string; upgradedAt: Instant }
>;

export type UserEvent =
  | UserRegistered
  | UserImported
  | EmailVerificationRequested
  | EmailVerified
  | EmailChangeRequested
  | EmailChanged
  | DisplayNameChanged
  | UsernameChanged
  | LocaleChanged
  | PasswordResetRequested
  | PasswordChanged
  | PasswordRehashed
  | SignInFailed
  | UserLocked
  | UserUnlocked
  | RoleChanged
  | TierChanged
  | UserDeactivated
  | UserReactivated
  | UserErased
  | GuestUpgradeRequested
  | GuestUpgraded;
