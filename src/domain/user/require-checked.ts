import { DomainError } from '../domain-error.ts';
import type { UserAccount } from './user-state.ts';

/**
 * Whoever changes credentials was let do so by a password, or by a sign-in, of the account as it was
 * a moment ago: it has to be that account still.
 * @throws DomainError `credentials_changed`, `user_deactivated`
 */
export const requireChecked = (checkedHash: string | null, user: UserAccount): void => {
  if (user.status === 'deactivated') throw new DomainError('user_deactivated');
  if (checkedHash !== user.passwordHash) throw new DomainError('credentials_changed');
};
