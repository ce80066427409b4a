import type { DomainCommand } from '../decider.ts';
import type { Instant } from '../instant.ts';
import type { IssuedToken } from '../one-time-token.ts';
import type { ClientDetails, Provenance, UserRole, UserTier } from './user-events.ts';

/** `maxFailures` within `windowSeconds` lock the account for `lockSeconds`. */
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
 * `verification`: the token for proving `email`; `vouched` when somebody who may do so stands for it;
 * null when there is nothing to prove.
 */
export type RegisterUser = DomainCommand<
  'RegisterUser',
  Identity & { pending: boolean; verification: IssuedToken | 'verified' | null; now: Instant }
>;

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

/** `usernameClaimed`: whether the username that was asked for could still be had. */
export type ConfirmEmail = DomainCommand<
  'ConfirmEmail',
  { tokenHash: string; usernameClaimed: boolean; now: Instant }
>;

/** `checkedHash`: the password hash of the account when its user was let do this. */
export type RequestEmailChange = DomainCommand<
  'RequestEmailChange',
  { email: string; checkedHash: string | null; token: IssuedToken; now: Instant }
>;

/** `undo`: the token that takes the change back, should it become one. */
export type ConfirmEmailChange = DomainCommand<
  'ConfirmEmailChange',
  { tokenHash: string; undo: IssuedToken; now: Instant }
>;

/**
 * `reset`: the token for choosing a password, since the author of the change may know the old one.
 */
export type UndoEmailChange = DomainCommand<
  'UndoEmailChange',
  { tokenHash: string; reset: IssuedToken; now: Instant }
>;

/**
 * Gives back an address that a thief took away. `undoes`: the number of the first change that is not to
 * count; `reset` as in `UndoEmailChange`.
 */
export type RestoreEmail = DomainCommand<
  'RestoreEmail',
  { email: string; undoes: number; reset: IssuedToken; now: Instant }
>;

/**
 * Voids a password and links that a thief may have. `checkedHash` is the password's; a newer one
 * stays.
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

/** `checkedHash`: the password hash of the account when its user was let do this. */
export type ChangePassword = DomainCommand<
  'ChangePassword',
  { checkedHash: string | null; passwordHash: string; now: Instant }
>;

/** `checkedHash` is the hash the password was verified against; a newer one wins over the rehash. */
export type RehashPassword = DomainCommand<
  'RehashPassword',
  { checkedHash: string; passwordHash: string; now: Instant }
>;

/** `checkedHash` is the hash the wrong password was compared with: a newer one makes the failure moot. */
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

/** Changes the address without waiting for its verification. */
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
 * `granted`: the account as it was when its user was let do this; `unproven`: only while nobody has proven
 * the address; null: by somebody who need not ask.
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
