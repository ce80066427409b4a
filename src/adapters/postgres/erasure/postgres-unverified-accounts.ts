import type { UnverifiedAccounts } from '../../../application/erasure/unverified-accounts.ts';
import type { Database } from '../connection/connection.ts';

const LIST = {
  name: 'list_unproven_accounts',
  text: `SELECT id FROM users WHERE pending_email IS NOT NULL AND created_at < $1
    ORDER BY created_at, id`,
};

/** Lists accounts whose address was never verified. */
export const createPostgresUnverifiedAccounts = (database: Database): UnverifiedAccounts => ({
  registeredBefore: async (time) => {
    const rows = await database.query<{ id: string }>({ ...LIST, values: [time] });
    return rows.map(({ id }) => id);
  },
});
