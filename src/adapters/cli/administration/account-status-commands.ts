import type { Command } from 'commander';
import type { ChangeRole } from '../../../application/administration/change-role.ts';
import type { DeactivateUser } from '../../../application/administration/deactivate-user.ts';
import type { ReactivateUser } from '../../../application/administration/reactivate-user.ts';
import type { UnlockUser } from '../../../application/administration/unlock-user.ts';
import type { AccountDirectory } from '../../../application/identity/account-directory.ts';
import type { RequestContext } from '../../../application/kernel/request-context.ts';
import { findUserId } from '../output/find-user-id.ts';
import type { Output } from '../output/output.ts';

export type AccountStatusAdministration = Readonly<{
  accounts: AccountDirectory;
  changeRole: ChangeRole;
  deactivateUser: DeactivateUser;
  reactivateUser: ReactivateUser;
  unlockUser: UnlockUser;
}>;

type WithContext = <Result>(
  work: (users: AccountStatusAdministration, context: RequestContext) => Promise<Result>,
) => Promise<Result>;

type Change = (
  users: AccountStatusAdministration,
  userId: string,
  context: RequestContext,
) => Promise<void>;

type AccountStatusCommand = Readonly<{
  name: string;
  description: string;
  done: string;
  change: Change;
}>;

const COMMANDS: readonly AccountStatusCommand[] = [
  {
    name: 'deactivate',
    description: 'refuse sign-in and all tokens of an account, immediately',
    done: 'deactivated',
    change: ({ deactivateUser }, userId, context) => deactivateUser(userId, context),
  },
  {
    name: 'reactivate',
    description: 'allow sign-in again; tokens issued earlier remain revoked',
    done: 'reactivated',
    change: ({ reactivateUser }, userId, context) => reactivateUser(userId, context),
  },
  {
    name: 'unlock',
    description: 'lift a lock that wrong passwords have caused',
    done: 'unlocked',
    change: ({ unlockUser }, userId, context) => unlockUser(userId, context),
  },
  {
    name: 'grant-admin',
    description: 'make a user an administrator',
    done: 'granted admin to',
    change: ({ changeRole }, userId, context) => changeRole({ userId, role: 'admin' }, context),
  },
  {
    name: 'revoke-admin',
    description: 'make an administrator an ordinary user; refused for the last one',
    done: 'revoked admin from',
    change: ({ changeRole }, userId, context) => changeRole({ userId, role: 'user' }, context),
  },
];

/** Adds `users deactivate|reactivate|unlock|grant-admin|revoke-admin <user>`. */
export const addAccountStatusCommands = (
  users: Command,
  output: Output,
  withContext: WithContext,
): void => {
  for (const { name, description, done, change } of COMMANDS) {
    users
      .command(`${name} <user>`)
      .description(description)
      .addHelpText('after', '\n<user> is an id, an e-mail address or a username.')
      .action(async (user: string) => {
        const userId = await withContext(async (administration, context) => {
          const found = await findUserId(administration.accounts, user);
          await change(administration, found, context);
          return found;
        });
        output.out(`${done} ${userId}`);
      });
  }
};
