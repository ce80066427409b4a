import { DomainError } from '../domain-error.ts';
import type { Instant } from '../instant.ts';
import { type IssuedToken, isLiveToken } from '../one-time-token.ts';
import { requireChecked } from './require-checked.ts';
import type {
  ConfirmEmail,
  ConfirmEmailChange,
  RequestEmailChange,
  RequestEmailVerification,
} from './user-commands.ts';
import type { UserEvent } from './user-events.ts';
import type { UserAccount } from './user-state.ts';

/** Limit on unexpired undo tokens, each of which restores an earlier address. */
const MAX_UNDOS = 5;

/** Returns the address that a verification would verify; null when none is unverified. */
export const addressToVerify = (user: UserAccount): string | null => {
  if (user.pending !== null) return user.pending.email;
  if (user.upgrade !== null) return user.upgrade.email;
  return user.emailVerified ? null : user.email;
};

/** Returns the username requested together with the unverified address; null when none was. */
export const requestedUsername = ({ pending, upgrade }: UserAccount): string | null =>
  (pending ?? upgrade)?.username ?? null;

/** Sets a username requested together with an address; null leaves the username as it is. */
export const takeUsername = (
  username: string | null,
  { username: previous }: UserAccount,
  now: Instant,
): readonly UserEvent[] =>
  username === null || username === previous
    ? []
    : [{ type: 'UsernameChanged', data: { username, previous, changedAt: now } }];

/**
 * Verifies the unverified address, and completes the guest upgrade that waited for it. The
 * requested username is set if `usernameClaimed`.
 */
export const verifyAddress = (
  user: UserAccount,
  usernameClaimed: boolean,
  now: Instant,
): readonly UserEvent[] => {
  const email = addressToVerify(user);
  if (email === null) return [];
  const events: UserEvent[] = [{ type: 'EmailVerified', data: { email, verifiedAt: now } }];
  if (user.pending === null && user.upgrade !== null) {
    const { displayName, passwordHash } = user.upgrade;
    events.unshift({
      type: 'GuestUpgraded',
      data: { email, displayName, passwordHash, upgradedAt: now },
    });
  }
  return usernameClaimed
    ? [...events, ...takeUsername(requestedUsername(user), user, now)]
    : events;
};

export const requestEmailVerification = (
  { token, now }: RequestEmailVerification['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  const email = addressToVerify(user);
  if (email === null || user.status === 'deactivated') return [];
  return [{ type: 'EmailVerificationRequested', data: { email, token, requestedAt: now } }];
};

/** @throws DomainError `token_invalid` */
export const confirmEmail = (
  { tokenHash, usernameClaimed, now }: ConfirmEmail['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  const live = isLiveToken(user.tokens.email_verification, tokenHash, now);
  if (!live || user.status === 'deactivated') throw new DomainError('token_invalid');
  return verifyAddress(user, usernameClaimed, now);
};

/** @throws DomainError `credentials_changed`, `user_deactivated`, `too_many_email_changes` */
export const requestEmailChange = (
  { email, checkedHash, token, now }: RequestEmailChange['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  requireChecked(checkedHash, user);
  if (user.email === email) return [];
  if (user.undos.filter((undo) => undo.token.expiresAt > now).length >= MAX_UNDOS) {
    throw new DomainError('too_many_email_changes');
  }
  return [{ type: 'EmailChangeRequested', data: { email, token, requestedAt: now } }];
};

/**
 * Returns until when an undo of an earlier change than `undoes` may restore the current address.
 */
export const heldUntil = (
  { undos, email }: UserAccount,
  undoes: number,
  now: Instant,
): Instant | null =>
  undos
    .filter((undo) => undo.number < undoes && undo.email === email && undo.token.expiresAt > now)
    .map(({ token }) => token.expiresAt)
    .sort()
    .at(-1) ?? null;

const changeEmail = (
  user: UserAccount,
  email: string,
  undo: IssuedToken,
  now: Instant,
): Extract<UserEvent, { type: 'EmailChanged' }>['data'] => {
  const { email: previous, emailChanges: number } = user;
  const returned = user.undos.find((past) => past.email === email && past.token.expiresAt > now);
  // A return to an earlier address undoes the changes since then; they need no undo tokens.
  if (returned !== undefined) {
    const undoes = returned.number;
    const previousHeldUntil = heldUntil(user, undoes, now);
    return { email, previous, undo: null, undoes, previousHeldUntil, changedAt: now };
  }
  // The mailbox of an address that was never verified may be a stranger's: it gets no undo token.
  const undoable = previous !== null && user.emailVerified;
  return {
    email,
    previous,
    undo: undoable ? { number, token: undo } : null,
    undoes: null,
    previousHeldUntil: undoable ? undo.expiresAt : null,
    changedAt: now,
  };
};

/** @throws DomainError `token_invalid` */
export const confirmEmailChange = (
  { tokenHash, undo, now }: ConfirmEmailChange['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  const live = isLiveToken(user.tokens.email_change, tokenHash, now);
  if (!live || user.newEmail === null || user.status === 'deactivated') {
    throw new DomainError('token_invalid');
  }
  return [{ type: 'EmailChanged', data: changeEmail(user, user.newEmail, undo, now) }];
};
