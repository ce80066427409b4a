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

/** What cannot be an address is nobody's. */
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
 * Who is meant by an id, an e-mail address or a username, as they are now. An id is what it is, even of
 * somebody erased, or should somebody have taken it for a username. An address is also of who waits for
 * its proof, and of who may take it back.
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
