import { DomainError } from '../domain-error.ts';
import { isLiveToken } from '../one-time-token.ts';
import { verifyAddress } from './email-decisions.ts';
import { isLocked } from './lockout-decisions.ts';
import { requireChecked } from './require-checked.ts';
import type { ChangePassword, RequestPasswordReset, ResetPassword } from './user-commands.ts';
import type { UserEvent } from './user-events.ts';
import type { UserAccount } from './user-state.ts';

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
