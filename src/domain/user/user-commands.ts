import type { DomainCommand } from '../decider.ts';
import type { Instant } from '../instant.ts';
import type { IssuedToken } from '../one-time-token.ts';
import type { ClientDetails, Provenance, UserRole, UserTier } from './user-events.ts';

/** The lockout policy: `maxFailures` within `windowSeconds` lock the account for `lockSeconds`. */
export type LockoutPolicy = Readonly<{
  maxFailures: number;
  windowSeconds: number;
  lockSeconds: number;
}>;

type Identity = Readonly<{
  email: string | null;
  username: string | null;
  displayName: string;
  passwordHash: string | null;
  householdId: string;
  role: UserRole;
  tier: UserTier;
  locale: string;
}>;

/**
 * Registers an account. `verification`: the token that verifies `email`; `verified` when the caller
 * guarantees the address; null when there is no address.
 */
export type RegisterUser = DomainCommand<
  'RegisterUser',
  Identity & { pending: boolean; verification: IssuedToken | 'verified' | null; now: Instant }
>;

/** Registers an account taken over from another system, with its age and password hash. */
export type ImportUser = DomainCommand<
  'ImportUser',
  Identity & {
    emailVerified: boolean;
    active: boolean;
    provenance: Provenance;
    createdAt: Instant;
    now: Instant;
  }
>;

export type RequestEmailVerification = DomainCommand<
  'RequestEmailVerification',
  { token: IssuedToken; now: Instant }
>;

/** `usernameClaimed`: whether the requested username was still available. */
export type ConfirmEmail = DomainCommand<
  'ConfirmEmail',
  { tokenHash: string; usernameClaimed: boolean; now: Instant }
>;

/** `checkedHash`: the password hash of the account when the change was permitted. */
export type RequestEmailChange = DomainCommand<
  'RequestEmailChange',
  { email: string; checkedHash: string | null; token: IssuedToken; now: Instant }
>;

/** `undo`: the token that reverts the change. */
export type ConfirmEmailChange = DomainCommand<
  'ConfirmEmailChange',
  { tokenHash: string; undo: IssuedToken; now: Instant }
>;

/** `reset`: the token for choosing a password; the old one may be known to the thief. */
export type UndoEmailChange = DomainCommand<
  'UndoEmailChange',
  { tokenHash: string; reset: IssuedToken; now: Instant }
>;

/**
 * Restores an address that a thief replaced. `undoes`: the number of the first change to revert;
 * `reset` as in `UndoEmailChange`.
 */
export type RestoreEmail = DomainCommand<
  'RestoreEmail',
  { email: string; undoes: number; reset: IssuedToken; now: Instant }
>;

/**
 * Invalidates a password and links that a thief may know. A newer hash than `checkedHash` remains.
 */
export type VoidPassword = DomainCommand<
  'VoidPassword',
  { checkedHash: string | null; reset: IssuedToken; now: Instant }
>;

export type RequestPasswordReset = DomainCommand<
  'RequestPasswordReset',
  { token: IssuedToken; now: Instant }
>;

export type ResetPassword = DomainCommand<
  'ResetPassword',
  { tokenHash: string; passwordHash: string; usernameClaimed: boolean; now: Instant }
>;

/** `checkedHash`: the password hash of the account when the change was permitted. */
export type ChangePassword = DomainCommand<
  'ChangePassword',
  { checkedHash: string | null; passwordHash: string; now: Instant }
>;

/** `checkedHash`: the hash that the password was verified against; a newer hash is kept. */
export type RehashPassword = DomainCommand<
  'RehashPassword',
  { checkedHash: string; passwordHash: string; now: Instant }
>;

/** `checkedHash`: the hash that the password was compared with; ignored if it has changed. */
export type RecordSignInFailure = DomainCommand<
  'RecordSignInFailure',
  { checkedHash: string; client: ClientDetails; policy: LockoutPolicy; now: Instant }
>;

export type RequestGuestUpgrade = DomainCommand<
  'RequestGuestUpgrade',
  {
    email: string;
    username: string | null;
    displayName: string;
    passwordHash: string;
    token: IssuedToken;
    now: Instant;
  }
>;

/** Upgrades a guest without verifying the address first. */
export type UpgradeGuest = DomainCommand<'UpgradeGuest', RequestGuestUpgrade['data']>;

export type ChangeDisplayName = DomainCommand<
  'ChangeDisplayName',
  { displayName: string; now: Instant }
>;
export type ChangeUsername = DomainCommand<'ChangeUsername', { username: string; now: Instant }>;
export type ChangeLocale = DomainCommand<'ChangeLocale', { locale: string; now: Instant }>;
export type ChangeRole = DomainCommand<'ChangeRole', { role: UserRole; now: Instant }>;
export type ChangeTier = DomainCommand<'ChangeTier', { tier: UserTier; now: Instant }>;
export type UnlockUser = DomainCommand<'UnlockUser', { now: Instant }>;
export type DeactivateUser = DomainCommand<'DeactivateUser', { now: Instant }>;
export type ReactivateUser = DomainCommand<'ReactivateUser', { now: Instant }>;

/**
 * `granted`: the password hash of the account when its user confirmed the erasure; `unverified`:
 * only while the address is unverified; null: unconditionally, for administrators and operators.
 */
export type EraseUser = DomainCommand<
  'EraseUser',
  { granted: Readonly<{ checkedHash: string | null }> | 'unverified' | null; now: Instant }
>;

export type UserCommand =
  | RegisterUser
  | ImportUser
  | RequestEmailVerification
  | ConfirmEmail
  | RequestEmailChange
  | ConfirmEmailChange
  | UndoEmailChange
  | RestoreEmail
  | VoidPassword
  | RequestPasswordReset
  | ResetPassword
  | ChangePassword
  | RehashPassword
  | RecordSignInFailure
  | RequestGuestUpgrade
  | UpgradeGuest
  | ChangeDisplayName
  | ChangeUsername
  | ChangeLocale
  | ChangeRole
  | ChangeTier
  | UnlockUser
  | DeactivateUser
  | ReactivateUser
  | EraseUser;
