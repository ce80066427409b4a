import type { DomainCommand } from '../decider.ts';
import type { Instant } from '../instant.ts';
import type { ClientDetails, UserRole, UserTier } from './user-events.ts';

/** `maxFailures` within `windowSeconds` lock the account for `lockSeconds`. */
export type LockoutPolicy = Readonly<{
  maxFailures: number;
  windowSeconds: number;
  lockSeconds: number;
}>;

export type RegisterUser = DomainCommand<
  'RegisterUser',
  {
    email: string | null;
    username: string | null;
    displayName: string;
    passwordHash: string | null;
    householdId: string;
    role: UserRole;
    tier: UserTier;
    now: Instant;
  }
>;

export type ChangeDisplayName = DomainCommand<
  'ChangeDisplayName',
  { displayName: string; now: Instant }
>;

export type ChangeUsername = DomainCommand<'ChangeUsername', { username: string; now: Instant }>;

/** `checkedHash` is the hash the wrong password was compared with: a newer one makes the failure moot. */
export type RecordSignInFailure = DomainCommand<
  'RecordSignInFailure',
  { checkedHash: string; client: ClientDetails; policy: LockoutPolicy; now: Instant }
>;

/** `checkedHash` is the hash the password was verified against; a newer one wins over the rehash. */
export type RehashPassword = DomainCommand<
  'RehashPassword',
  { checkedHash: string; passwordHash: string; now: Instant }
>;

export type DeactivateUser = DomainCommand<'DeactivateUser', { now: Instant }>;
export type ReactivateUser = DomainCommand<'ReactivateUser', { now: Instant }>;

export type UserCommand =
  | RegisterUser
  | ChangeDisplayName
  | ChangeUsername
  | RecordSignInFailure
  | RehashPassword
  | DeactivateUser
  | ReactivateUser;
