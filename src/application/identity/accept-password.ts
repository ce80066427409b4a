import { requireAcceptablePassword } from '../../domain/user/password-policy.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { PasswordBlocklist } from './password-blocklist.ts';

export type AcceptPassword = ReturnType<typeof createAcceptPassword>;

/**
 * Checks that a new password is long enough and not a common one.
 * @throws DomainError `password_too_short`, `password_too_long`; ApplicationError
 * `password_too_common`
 */
export const createAcceptPassword =
  (blocklist: PasswordBlocklist) =>
  (password: string): void => {
    requireAcceptablePassword(password);
    if (blocklist.holds(password)) throw new ApplicationError('password_too_common');
  };
