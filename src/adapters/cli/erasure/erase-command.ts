import type { Command } from 'commander';
import type { EraseUser } from '../../../application/erasure/erase-user.ts';
import type { AccountDirectory } from '../../../application/identity/account-directory.ts';
import type { RequestContext } from '../../../application/kernel/request-context.ts';
import { findUserId } from '../output/find-user-id.ts';
import type { Output } from '../output/output.ts';
import { UsageError } from '../output/usage-error.ts';

export type ErasingUsers = Readonly<{ accounts: AccountDirectory; eraseUser: EraseUser }>;

type WithContext = <Result>(
  work: (users: ErasingUsers, context: RequestContext) => Promise<Result>,
) => Promise<Result>;

const EXPLANATION = `
<user> is an id, an e-mail address or a username. The account, its sessions and memberships end, and the
key that opens what the log holds of the person is destroyed. A household the user owns goes to its
highest-ranking member, the longest in it, or with its last member. There is no way back but a backup of
the table subject_keys.`;

/** `users erase <user>` */
export const addEraseCommand = (users: Command, output: Output, withContext: WithContext): void => {
  users
    .command('erase <user>')
    .description('forget somebody for good')
    .option('--yes', 'really')
    .addHelpText('after', EXPLANATION)
    .action(async (user: string, { yes }: { yes?: boolean }) => {
      if (yes !== true) throw new UsageError('There is no way back from an erasure: add --yes.');
      const userId = await withContext(async ({ accounts, eraseUser }, context) => {
        // An erased user has an id only: what an interruption left is finished.
        const found = await findUserId(accounts, user).catch(() => user);
        await eraseUser({ userId: found, granted: null }, context);
        return found;
      });
      output.out(`erased ${userId}`);
    });
};
