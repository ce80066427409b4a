import type { DomainEvent } from '../decider.ts';
import type { Instant } from '../instant.ts';
import type { IssuedToken } from '../one-time-token.ts';

// These names are the storage format: never renamed, never reused with another meaning.

export type UserRole = 'user' | 'admin';
export type UserTier = 'anonymous' | 'free' | 'member';

/** The origin of a request. Personal data: encrypted in the stored event. */
export type ClientDetails = Readonly<{ ip: string; userAgent: string }>;

/** An account exists from here on. `householdId` is the home household created along with it. */
export type UserRegistered = DomainEvent<
  'UserRegistered',
  {
    email: string | null;
    username: string | null;
    displayName: string;
    /** PHC string; null when the account signs in another way. */
    passwordHash: string | null;
    householdId: string;
    role: UserRole;
    tier: UserTier;
    /** A language tag (RFC 5646), for mails. */
    locale: string;
    /**
     * E-mail and username are only requested until the address is verified, and the account has no
     * sign-in.
     */
    pending: boolean;
    registeredAt: Instant;
  }
>;

/** The origin of an imported account. `checksum` is a keyed hash (hex) of its row or line. */
export type Provenance = Readonly<{ source: string; id: string; checksum: string }>;

/** An account of an older system, taken over as it was; its id, password hash and age are kept. */
export type UserImported = DomainEvent<
  'UserImported',
  {
    email: string | null;
    emailVerified: boolean;
    username: string | null;
    displayName: string;
    /** The hash as the older system stored it; null when there was none that could be read. */
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

/** A token was issued for the reader of the mail at `email`. */
export type EmailVerificationRequested = DomainEvent<
  'EmailVerificationRequested',
  { email: string; token: IssuedToken; requestedAt: Instant }
>;

/** The holder of the token reads the mail at `email`. A pending account becomes usable. */
export type EmailVerified = DomainEvent<'EmailVerified', { email: string; verifiedAt: Instant }>;

/** `email` is the new address, which the token goes to. */
export type EmailChangeRequested = DomainEvent<
  'EmailChangeRequested',
  { email: string; token: IssuedToken; requestedAt: Instant }
>;

/**
 * The new address is verified. `undo` goes to the previous one and reverts the change; `undoes` is
 * the number of the change that this one reverted, by its token or by returning to that address.
 */
export type EmailChanged = DomainEvent<
  'EmailChanged',
  {
    email: string;
    previous: string | null;
    undo: Readonly<{ number: number; token: IssuedToken }> | null;
    undoes: number | null;
    /**
     * The time until which `previous` stays claimed, as a change of it can be undone; null: it is
     * free.
     */
    previousHeldUntil: Instant | null;
    changedAt: Instant;
  }
>;

export type DisplayNameChanged = DomainEvent<
  'DisplayNameChanged',
  { displayName: string; changedAt: Instant }
>;

/** `previous` names the identifier that becomes free again. */
export type UsernameChanged = DomainEvent<
  'UsernameChanged',
  { username: string; previous: string | null; changedAt: Instant }
>;

export type LocaleChanged = DomainEvent<'LocaleChanged', { locale: string; changedAt: Instant }>;

/** `email` receives the token; using it verifies that address as well. */
export type PasswordResetRequested = DomainEvent<
  'PasswordResetRequested',
  { email: string; token: IssuedToken; requestedAt: Instant }
>;

export type PasswordChangeReason = 'change' | 'reset' | 'admin';

/** `passwordHash` null: the old password is void, and only a reset brings a new one. */
export type PasswordChanged = DomainEvent<
  'PasswordChanged',
  { passwordHash: string | null; reason: PasswordChangeReason; changedAt: Instant }
>;

/** The same password under newer parameters, made at a successful sign-in. */
export type PasswordRehashed = DomainEvent<
  'PasswordRehashed',
  { passwordHash: string; rehashedAt: Instant }
>;

/** The password of a known, unlocked account was wrong. Unknown accounts leave no trace. */
export type SignInFailed = DomainEvent<
  'SignInFailed',
  { client: ClientDetails; failedAt: Instant }
>;

/** Too many failures in the window. Nothing is recorded until `lockedUntil`. */
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

/** The person is forgotten: no key opens what their events hold, and nothing happens here any more. */
export type UserErased = DomainEvent<'UserErased', { erasedAt: Instant }>;

/** The credentials that a guest asks for; none of them holds before the address is verified. */
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
