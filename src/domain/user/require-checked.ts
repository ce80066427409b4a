import { DomainError } from '../domain-error.ts';
import type { UserAccount } from './user-state.ts';

/**
 * Requires that the account is still the one whose password, or sign-in, was checked a moment ago.
 * @throws DomainError `credentials_changed`, `user_deactivated`
 */
export const requireChecked = (checkedHash: string | null, user: UserAccount): void => {
  if (user.status === 'deactivated') throw new DomainError('user_deactivated');
  if (checkedHash !== user.passwordHash) throw new DomainError('credentials_changed');
};
