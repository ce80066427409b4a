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

export const isLocked = ({ lockedUntil }: Pick<UserAccount, 'lockedUntil'>, now: Instant) =>
  lockedUntil !== null && now < lockedUntil;

export const recordFailure = (
  { checkedHash, client, policy, now }: RecordSignInFailure['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  if (isLocked(user, now) || user.passwordHash !== checkedHash) return [];
  const failed: UserEvent = { type: 'SignInFailed', data: { client, failedAt: now } };
  const since = plusSeconds(now, -policy.windowSeconds);
  // A lock that ended starts a fresh count: its failures have been paid for.
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

/** The link verifies the mailbox too: it replaces a password that another person had set before. */
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

export const changePassword = (
  { checkedHash, passwordHash, now }: ChangePassword['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  requireChecked(checkedHash, user);
  return [{ type: 'PasswordChanged', data: { passwordHash, reason: 'change', changedAt: now } }];
};
