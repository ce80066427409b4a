import type { AccountDirectory } from '../identity/account-directory.ts';
import { ApplicationError } from '../kernel/errors.ts';

type Dependencies = Readonly<{ accounts: AccountDirectory }>;

export type RequireAdmin = ReturnType<typeof createRequireAdmin>;

/**
 * Checks the user's current role, not that in the access token.
 * @throws ApplicationError `admin_required`
 */
export const createRequireAdmin =
  ({ accounts }: Dependencies) =>
  async (userId: string): Promise<void> => {
    const account = await accounts.findById(userId);
    if (account?.active !== true || account.role !== 'admin') {
      throw new ApplicationError('admin_required');
    }
  };
