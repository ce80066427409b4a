import { DomainError } from '../domain-error.ts';
import { type Instant, plusSeconds } from '../instant.ts';
import { isLiveToken } from '../one-time-token.ts';
import { verifyAddress } from './email-decisions.ts';
import { requireChecked } from './require-checked.ts';
import type {
  ChangePassword,
  RecordSignInFailure,
  RequestPasswordReset,
  ResetPassword,
} from './user-commands.ts';
import type { UserEvent } from './user-events.ts';
import type { UserAccount } from './user-state.ts';

/** Checks whether the account refuses sign-ins at `now` after too many failures. */
export const isLocked = ({ lockedUntil }: Pick<UserAccount, 'lockedUntil'>, now: Instant) =>
  lockedUntil !== null && now < lockedUntil;

/** Records a failed sign-in and locks the account at the limit; ignored while it is locked. */
export const recordFailure = (
  { checkedHash, client, policy, now }: RecordSignInFailure['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  if (isLocked(user, now) || user.passwordHash !== checkedHash) return [];
  const failed: UserEvent = { type: 'SignInFailed', data: { client, failedAt: now } };
  const since = plusSeconds(now, -policy.windowSeconds);
  // Failures before the end of the last lock do not count again.
  const from = user.lockedUntil !== null && user.lockedUntil > since ? user.lockedUntil : since;
  const recent = user.failures.filter((at) => at >= from).length + 1;
  if (recent < policy.maxFailures) return [failed];
  const lockedUntil = plusSeconds(now, policy.lockSeconds);
  return [failed, { type: 'UserLocked', data: { lockedAt: now, lockedUntil } }];
};

export const requestPasswordReset = (
  { token, now }: RequestPasswordReset['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  const email = user.email ?? (user.pending ?? user.upgrade)?.email ?? null;
  if (email === null || user.status === 'deactivated') return [];
  return [{ type: 'PasswordResetRequested', data: { email, token, requestedAt: now } }];
};

/**
 * Sets a password by a token from a mail. The token verifies the address too, since only the reader
 * of the mailbox has it; it also lifts a lock. @throws DomainError `token_invalid`
 */
export const resetPassword = (
  { tokenHash, passwordHash, usernameClaimed, now }: ResetPassword['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  const live = isLiveToken(user.tokens.password_reset, tokenHash, now);
  if (!live || user.status === 'deactivated') throw new DomainError('token_invalid');
  return [
    ...verifyAddress(user, usernameClaimed, now),
    { type: 'PasswordChanged', data: { passwordHash, reason: 'reset', changedAt: now } },
    ...(isLocked(user, now)
      ? [{ type: 'UserUnlocked', data: { reason: 'password_reset', unlockedAt: now } } as const]
      : []),
  ];
};

/** @throws DomainError `credentials_changed`, `user_deactivated` */
export const changePassword = (
  { checkedHash, passwordHash, now }: ChangePassword['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  requireChecked(checkedHash, user);
  return [{ type: 'PasswordChanged', data: { passwordHash, reason: 'change', changedAt: now } }];
};
