import { requireAcceptablePassword } from '../../domain/user/password-policy.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { PasswordBlocklist } from './password-blocklist.ts';

export type AcceptPassword = ReturnType<typeof createAcceptPassword>;

/**
 * Whether a password may be chosen: long enough, and not one that is tried first.
 * @throws DomainError `password_too_short`, `password_too_long`; ApplicationError `password_too_common`
 */
export const createAcceptPassword =
  (blocklist: PasswordBlocklist) =>
  (password: string): void => {
    requireAcceptablePassword(password);
    if (blocklist.holds(password)) throw new ApplicationError('password_too_common');
  };
