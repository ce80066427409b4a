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
key to the personal data of the user in the event log is destroyed. A household that the user owns passes
to its highest-ranking member, the longest in it; without other members it is deleted. Only a backup of
the table subject_keys can revert an erasure.`;

/** Adds `users erase <user>`. */
export const addEraseCommand = (users: Command, output: Output, withContext: WithContext): void => {
  users
    .command('erase <user>')
    .description('erase a user permanently')
    .option('--yes', 'confirm: an erasure cannot be undone')
    .addHelpText('after', EXPLANATION)
    .action(async (user: string, { yes }: { yes?: boolean }) => {
      if (yes !== true) throw new UsageError('An erasure cannot be undone: add --yes to confirm.');
      const userId = await withContext(async ({ accounts, eraseUser }, context) => {
        // An erased user is found by id only; erasing it again completes an interrupted erasure.
        const found = await findUserId(accounts, user).catch(() => user);
        await eraseUser({ userId: found, granted: null }, context);
        return found;
      });
      output.out(`erased ${userId}`);
    });
};
