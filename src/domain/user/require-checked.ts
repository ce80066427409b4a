import { DomainError } from '../domain-error.ts';
import type { UserAccount } from './user-state.ts';

/**
 * Checks that the password hash is still the one under which a change of credentials was permitted.
 * @throws DomainError `credentials_changed`, `user_deactivated`
 */
export const requireChecked = (checkedHash: string | null, user: UserAccount): void => {
  if (user.status === 'deactivated') throw new DomainError('user_deactivated');
  if (checkedHash !== user.passwordHash) throw new DomainError('credentials_changed');
};
