import type { UserCommand } from '../../../src/domain/user/user-commands.ts';
import type {
  EmailChanged,
  EmailChangeRequested,
  EmailVerificationRequested,
  EmailVerified,
  GuestUpgraded,
  GuestUpgradeRequested,
  PasswordChanged,
  PasswordChangeReason,
  PasswordResetRequested,
  UserDeactivated,
  UsernameChanged,
  UserRegistered,
} from '../../../src/domain/user/user-events.ts';
import { at, START } from './token-family-fixtures.ts';
import { hash, issuedToken, newerHash, registered } from './user-fixtures.ts';

export const ANN = 'ann@example.com';
export const ANNA = 'anna@example.com';
const DAY = 86_400;
const WEEK = 7 * DAY;
const HOUR = 3_600;

export const tokenHash = (number: number): string => issuedToken(number, START).tokenHash;

/** A pending account. */
export const pendingRegistered: UserRegistered = {
  ...registered,
  data: { ...registered.data, pending: true },
};
/** An account without any credential. */
export const guestRegistered: UserRegistered = {
  ...registered,
  data: {
    ...registered.data,
    email: null,
    username: null,
    displayName: 'Guest',
    passwordHash: null,
    tier: 'anonymous',
  },
};

// Tokens are numbered; the seconds count from `START`.

export const verificationRequested = (
  number: number,
  seconds = 0,
  email = ANN,
): EmailVerificationRequested => ({
  type: 'EmailVerificationRequested',
  data: { email, token: issuedToken(number, at(seconds + DAY)), requestedAt: at(seconds) },
});
export const verified = (seconds: number, email = ANN): EmailVerified => ({
  type: 'EmailVerified',
  data: { email, verifiedAt: at(seconds) },
});
export const changeRequested = (
  number: number,
  seconds = 0,
  email = ANNA,
): EmailChangeRequested => ({
  type: 'EmailChangeRequested',
  data: { email, token: issuedToken(number, at(seconds + DAY)), requestedAt: at(seconds) },
});
/** The `change`-th change of the address, which the token `number` reverts. */
export const changed = (
  change: number,
  number: number,
  seconds: number,
  [previous, email] = [ANN, ANNA],
): EmailChanged => ({
  type: 'EmailChanged',
  data: {
    email,
    previous,
    undo: { number: change, token: issuedToken(number, at(seconds + WEEK)) },
    undoes: null,
    previousHeldUntil: at(seconds + WEEK),
    changedAt: at(seconds),
  },
});
export const undone = (
  change: number,
  seconds: number,
  [previous, email] = [ANNA, ANN],
): EmailChanged => ({
  type: 'EmailChanged',
  data: {
    email,
    previous,
    undo: null,
    undoes: change,
    previousHeldUntil: null,
    changedAt: at(seconds),
  },
});
export const resetRequested = (
  number: number,
  seconds = 0,
  email = ANN,
): PasswordResetRequested => ({
  type: 'PasswordResetRequested',
  data: { email, token: issuedToken(number, at(seconds + HOUR)), requestedAt: at(seconds) },
});
export const passwordChanged = (
  reason: PasswordChangeReason,
  seconds: number,
  passwordHash: string | null = newerHash,
): PasswordChanged => ({
  type: 'PasswordChanged',
  data: { passwordHash, reason, changedAt: at(seconds) },
});
export const usernameChanged = (
  username: string,
  seconds: number,
  previous: string | null = null,
): UsernameChanged => ({
  type: 'UsernameChanged',
  data: { username, previous, changedAt: at(seconds) },
});
export const deactivated: UserDeactivated = {
  type: 'UserDeactivated',
  data: { deactivatedAt: at(5) },
};

const wish = { email: ANN, username: 'ann', displayName: 'Ann', passwordHash: hash };

export const upgradeRequested = (
  seconds: number,
  data: Partial<typeof wish | { username: null }> = {},
): GuestUpgradeRequested => ({
  type: 'GuestUpgradeRequested',
  data: { ...wish, ...data, requestedAt: at(seconds) },
});
export const upgraded = (seconds: number): GuestUpgraded => ({
  type: 'GuestUpgraded',
  data: { email: ANN, displayName: 'Ann', passwordHash: hash, upgradedAt: at(seconds) },
});

export const requestVerification = (number: number, seconds: number): UserCommand => ({
  type: 'RequestEmailVerification',
  data: { token: issuedToken(number, at(seconds + DAY)), now: at(seconds) },
});
export const confirmEmail = (
  number: number,
  seconds: number,
  usernameClaimed = true,
): UserCommand => ({
  type: 'ConfirmEmail',
  data: { tokenHash: tokenHash(number), usernameClaimed, now: at(seconds) },
});
export const requestChange = (
  number: number,
  seconds: number,
  email = ANNA,
  checkedHash: string | null = hash,
): UserCommand => ({
  type: 'RequestEmailChange',
  data: { email, checkedHash, token: issuedToken(number, at(seconds + DAY)), now: at(seconds) },
});
/** Uses the token `number`; `undo` is the token that reverts the change. */
export const confirmChange = (number: number, undo: number, seconds: number): UserCommand => ({
  type: 'ConfirmEmailChange',
  data: {
    tokenHash: tokenHash(number),
    undo: issuedToken(undo, at(seconds + WEEK)),
    now: at(seconds),
  },
});
/** Uses the undo token `number`; `reset` is the token for another password. */
export const undoChange = (number: number, reset: number, seconds: number): UserCommand => ({
  type: 'UndoEmailChange',
  data: {
    tokenHash: tokenHash(number),
    reset: issuedToken(reset, at(seconds + HOUR)),
    now: at(seconds),
  },
});
export const requestReset = (number: number, seconds: number): UserCommand => ({
  type: 'RequestPasswordReset',
  data: { token: issuedToken(number, at(seconds + HOUR)), now: at(seconds) },
});
export const resetPassword = (
  number: number,
  seconds: number,
  usernameClaimed = true,
): UserCommand => ({
  type: 'ResetPassword',
  data: {
    tokenHash: tokenHash(number),
    passwordHash: newerHash,
    usernameClaimed,
    now: at(seconds),
  },
});
export const changePassword = (checkedHash: string | null, seconds: number): UserCommand => ({
  type: 'ChangePassword',
  data: { checkedHash, passwordHash: newerHash, now: at(seconds) },
});
export const requestUpgrade = (
  number: number,
  seconds: number,
  data: Partial<typeof wish | { username: null }> = {},
): UserCommand => ({
  type: 'RequestGuestUpgrade',
  data: { ...wish, ...data, token: issuedToken(number, at(seconds + DAY)), now: at(seconds) },
});
export const upgrade = (
  number: number,
  seconds: number,
  data: Partial<typeof wish | { username: null }> = {},
): UserCommand => ({
  type: 'UpgradeGuest',
  data: { ...wish, ...data, token: issuedToken(number, at(seconds + DAY)), now: at(seconds) },
});
