import { randomUUID } from 'node:crypto';
import type { Account, AccountDirectory } from '../../application/ports/account-directory.ts';
import type { StreamId } from '../../application/ports/event-store.ts';

/**
 * The tables follow a log that lives elsewhere: before somebody signs in by them, the user's own stream
 * is asked whether they tell all of it.
 * @param settle projects what is missing of a stream, if anything is
 */
export const createCurrentAccountDirectory = (
  accounts: AccountDirectory,
  settle: (stream: StreamId) => Promise<boolean>,
): AccountDirectory => {
  const asOfNow = async (
    find: () => Promise<Account | undefined>,
  ): Promise<Account | undefined> => {
    const found = await find();
    // Nobody's stream is asked as well: it must not show, by time or by failing, that there is no account.
    const id = found?.userId ?? `nobody_${randomUUID()}`;
    return (await settle({ category: 'user', id })) ? find() : found;
  };
  return {
    ...accounts,
    findByIdentifier: (identifier) => asOfNow(() => accounts.findByIdentifier(identifier)),
    findById: (userId) => asOfNow(() => accounts.findById(userId)),
  };
};
