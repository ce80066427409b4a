import { DomainError } from '../domain-error.ts';
import type { Instant } from '../instant.ts';
import { type IssuedToken, isLiveToken } from '../one-time-token.ts';
import { heldUntil } from './email-decisions.ts';
import type { RestoreEmail, UndoEmailChange, VoidPassword } from './user-commands.ts';
import type { PasswordChangeReason, UserEvent } from './user-events.ts';
import type { UserAccount } from './user-state.ts';

/** Removes the password; an active account with an address gets a link for choosing another. */
const withoutPassword = (
  { status }: UserAccount,
  email: string | null,
  reset: IssuedToken,
  reason: PasswordChangeReason,
  now: Instant,
): readonly UserEvent[] => {
  const changed: UserEvent = {
    type: 'PasswordChanged',
    data: { passwordHash: null, reason, changedAt: now },
  };
  if (email === null || status !== 'active') return [changed];
  const data = { email, token: reset, requestedAt: now };
  return [changed, { type: 'PasswordResetRequested', data }];
};

/** `undoes`: the number of the reverted change; every later change is reverted with it. */
const revertChange = (
  user: UserAccount,
  email: string,
  undoes: number,
  now: Instant,
): Extract<UserEvent, { type: 'EmailChanged' }> => {
  const { email: previous } = user;
  const previousHeldUntil = heldUntil(user, undoes, now);
  const data = { email, previous, undo: null, undoes, previousHeldUntil, changedAt: now };
  return { type: 'EmailChanged', data };
};

/**
 * Restores the address before a change. The password may be known to the thief who made the change,
 * so it is removed and a link for choosing another is sent.
 * @throws DomainError `token_invalid`
 */
export const undoEmailChange = (
  { tokenHash, reset, now }: UndoEmailChange['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  const undo = user.undos.find(({ token }) => isLiveToken(token, tokenHash, now));
  if (undo === undefined) throw new DomainError('token_invalid');
  const { email, number } = undo;
  return [
    revertChange(user, email, number, now),
    ...withoutPassword(user, email, reset, 'reset', now),
  ];
};

/** Restores an earlier address without a token and without a time limit; for administrators. */
export const restoreEmail = (
  { email, undoes, reset, now }: RestoreEmail['data'],
  user: UserAccount,
): readonly UserEvent[] =>
  user.email === email
    ? []
    : [
        revertChange(user, email, undoes, now),
        ...withoutPassword(user, email, reset, 'admin', now),
      ];

/**
 * Removes the password with the hash `checkedHash`; a newer password remains. Does nothing if there
 * is neither a password nor a pending e-mail change.
 */
export const voidPassword = (
  { checkedHash, reset, now }: VoidPassword['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  const { passwordHash, newEmail, email } = user;
  const isVoid = passwordHash === null && newEmail === null;
  if (isVoid || passwordHash !== checkedHash) return [];
  return withoutPassword(user, email, reset, 'admin', now);
};
