import { DomainError } from '../../../domain/domain-error.ts';
import {
  parseSignInIdentifier,
  type SignInIdentifier,
} from '../../../domain/user/sign-in-identifier.ts';
import type { AccountDirectory } from '../../identity/account-directory.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { EventStore } from '../../kernel/event-store.ts';

type Dependencies = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  accounts: Pick<AccountDirectory, 'findByIdentifier' | 'findAddressHolder' | 'findLatestPending'>;
}>;

/** Undefined for a text that can be neither an address nor a username. */
const identifierIn = (text: string): SignInIdentifier | undefined => {
  try {
    return parseSignInIdentifier(text);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
};

export type FindUser = ReturnType<typeof createFindUser>;

/**
 * Finds the id of a user by id, e-mail address or username, as they are now. An id comes first: of
 * an erased user too, and even if another user has it as username. An address also finds the user
 * who has yet to verify it, and the one who may undo its change.
 * @throws ApplicationError `user_not_found`
 */
export const createFindUser =
  ({ eventStore, accounts }: Dependencies) =>
  async (text: string): Promise<string> => {
    const { events } = await eventStore.readStream({ category: 'user', id: text });
    if (events.length > 0) return text;
    const identifier = identifierIn(text);
    const account = identifier && (await accounts.findByIdentifier(identifier));
    if (account !== undefined) return account.userId;
    if (identifier?.kind === 'email') {
      const { value: email } = identifier;
      const other =
        (await accounts.findAddressHolder(email)) ?? (await accounts.findLatestPending(email));
      if (other !== undefined) return other.userId;
    }
    throw new ApplicationError('user_not_found');
  };
