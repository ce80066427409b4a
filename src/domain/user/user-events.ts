import type { DomainEvent } from '../decider.ts';
import type { Instant } from '../instant.ts';

// These names are the storage format: never renamed, never reused with another meaning.

export type UserRole = 'user' | 'admin';
export type UserTier = 'anonymous' | 'free' | 'member';

/** Where a request came from. Personal data: encrypted in the stored event. */
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
    registeredAt: Instant;
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

/** The password of a known, unlocked account was wrong. Unknown accounts leave no trace. */
export type SignInFailed = DomainEvent<
  'SignInFailed',
  { client: ClientDetails; failedAt: Instant }
>;

/** Too many failures in the window. Nothing is recorded until `lockedUntil`. */
export type UserLocked = DomainEvent<'UserLocked', { lockedAt: Instant; lockedUntil: Instant }>;

/** The same password under newer parameters, made at a successful sign-in. */
export type PasswordRehashed = DomainEvent<
  'PasswordRehashed',
  { passwordHash: string; rehashedAt: Instant }
>;

export type UserDeactivated = DomainEvent<'UserDeactivated', { deactivatedAt: Instant }>;

/** The account may sign in again. Tokens from before stay dead. */
export type UserReactivated = DomainEvent<'UserReactivated', { reactivatedAt: Instant }>;

export type UserEvent =
  | UserRegistered
  | DisplayNameChanged
  | UsernameChanged
  | SignInFailed
  | UserLocked
  | PasswordRehashed
  | UserDeactivated
  | UserReactivated;
