import type { AccountDirectory } from '../../../application/identity/account-directory.ts';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import { DomainError } from '../../../domain/domain-error.ts';
import {
  parseSignInIdentifier,
  type SignInIdentifier,
} from '../../../domain/user/sign-in-identifier.ts';

/** Undefined for text that is neither an address nor a username. */
const identifierIn = (text: string): SignInIdentifier | undefined => {
  try {
    return parseSignInIdentifier(text);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
};

/**
 * Finds the account that an operator names by id, e-mail address or username. An id takes precedence
 * over an equal username. @throws ApplicationError `user_not_found`
 */
export const findUserId = async (accounts: AccountDirectory, text: string): Promise<string> => {
  const identifier = identifierIn(text);
  const account =
    (await accounts.findById(text)) ??
    (identifier && (await accounts.findByIdentifier(identifier)));
  if (account === undefined) throw new ApplicationError('user_not_found');
  return account.userId;
};
