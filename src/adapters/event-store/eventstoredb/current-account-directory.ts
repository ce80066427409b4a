import { randomUUID } from 'node:crypto';
import type { Account, AccountDirectory } from '../../../application/identity/account-directory.ts';
import type { StreamId } from '../../../application/kernel/event-store.ts';
import type { Queryable } from '../../postgres/connection/connection.ts';

type Dependencies = Readonly<{
  accounts: AccountDirectory;
  database: Queryable;
  /** Projects what is missing of a stream. @returns whether anything was */
  catchUp: (stream: StreamId) => Promise<boolean>;
}>;

const FIND_OTHER_ADMINS = {
  name: 'find_other_active_admins',
  text: `SELECT id FROM users WHERE is_admin AND is_active AND id <> $1 ORDER BY id`,
};

/**
 * The tables follow a log that lives elsewhere: before somebody signs in by them, the user's own
 * stream is asked whether they tell all of it. So is a household's before a session turns to it,
 * and those of the administrators before one of them goes.
 */
export const createCurrentAccountDirectory = ({
  accounts,
  database,
  catchUp,
}: Dependencies): AccountDirectory => {
  const afterCatchUp = async (
    find: () => Promise<Account | undefined>,
  ): Promise<Account | undefined> => {
    const found = await find();
    // Nobody's stream is asked as well: it must not show, by time or by failing, that there is no
    // account.
    const id = found?.userId ?? `unknown_${randomUUID()}`;
    return (await catchUp({ category: 'user', id })) ? find() : found;
  };
  return {
    ...accounts,
    findByIdentifier: (identifier) => afterCatchUp(() => accounts.findByIdentifier(identifier)),
    findById: (userId) => afterCatchUp(() => accounts.findById(userId)),
    findPrincipal: async (userId, householdId) => {
      await catchUp({ category: 'household', id: householdId });
      return accounts.findPrincipal(userId, householdId);
    },
    hasOtherActiveAdmin: async (userId) => {
      const others = await database.query<{ id: string }>({
        ...FIND_OTHER_ADMINS,
        values: [userId],
      });
      for (const { id } of others) await catchUp({ category: 'user', id });
      return accounts.hasOtherActiveAdmin(userId);
    },
  };
};
