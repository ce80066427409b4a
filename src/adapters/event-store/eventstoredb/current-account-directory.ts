import { randomUUID } from 'node:crypto';
import type { Account, AccountDirectory } from '../../../application/identity/account-directory.ts';
import type { StreamId } from '../../../application/kernel/event-store.ts';
import type { Queryable } from '../../postgres/connection/connection.ts';

type Dependencies = Readonly<{
  accounts: AccountDirectory;
  database: Queryable;
  /** Projects the missing events of a stream. @returns whether there were any */
  catchUp: (stream: StreamId) => Promise<boolean>;
}>;

const FIND_OTHER_ADMINS = {
  name: 'find_other_active_admins',
  text: `SELECT id FROM users WHERE is_admin AND is_active AND id <> $1 ORDER BY id`,
};

/**
 * Reads accounts from the tables after bringing them up to date with the log in EventStoreDB: with
 * the user's stream before a sign-in, with a household's before a session switches to it, and with
 * those of the other administrators before one is removed.
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
    // Reads a stream for an unknown account too: neither time nor failure may reveal that there is
    // none.
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
