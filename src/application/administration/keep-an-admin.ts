import type { AccountDirectory } from '../identity/account-directory.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { ExclusiveSection } from './exclusive-section.ts';

type Dependencies = Readonly<{ accounts: AccountDirectory; exclusively: ExclusiveSection }>;

export type KeepAnAdmin = ReturnType<typeof createKeepAnAdmin>;

/**
 * Runs `work`, which ends the user's administration, unless the user is the last active
 * administrator. One such work runs at a time, so that two administrators cannot remove each other.
 * @throws ApplicationError `last_admin`
 */
export const createKeepAnAdmin =
  ({ accounts, exclusively }: Dependencies) =>
  <Result>(userId: string, work: () => Promise<Result>): Promise<Result> =>
    exclusively('administrators', async () => {
      const account = await accounts.findById(userId);
      const counts = account?.active === true && account.role === 'admin';
      if (counts && !(await accounts.hasOtherActiveAdmin(userId))) {
        throw new ApplicationError('last_admin');
      }
      return work();
    });
