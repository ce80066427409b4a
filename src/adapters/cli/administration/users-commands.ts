import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import type { CreateAccount } from '../../../application/accounts/create-account.ts';
import type { ImportUsers } from '../../../application/importing/import-users.ts';
import type { IdGenerator } from '../../../application/kernel/id-generator.ts';
import { addEraseCommand, type ErasingUsers } from '../erasure/erase-command.ts';
import { addImportCommand } from '../importing/import-command.ts';
import { operatorContext } from '../output/operator-context.ts';
import { type Output, printJson } from '../output/output.ts';
import { UsageError } from '../output/usage-error.ts';
import {
  type AccountStatusAdministration,
  addAccountStatusCommands,
} from './account-status-commands.ts';
import { completeTestUser } from './test-user.ts';

export type UserAdministration = AccountStatusAdministration &
  ErasingUsers &
  Readonly<{ createAccount: CreateAccount; importUsers: ImportUsers; ids: IdGenerator }>;

type WithUsers = <Result>(work: (users: UserAdministration) => Promise<Result>) => Promise<Result>;

type Wished = Readonly<{
  email?: string;
  displayName?: string;
  username?: string;
  householdName?: string;
  locale?: string;
}>;

type CreateOptions = Wished & Readonly<{ unverified?: boolean; test?: boolean; json?: boolean }>;

const requireAccount = ({ email, displayName, ...rest }: Wished) => {
  if (email !== undefined && displayName !== undefined) return { ...rest, email, displayName };
  throw new UsageError('An account needs --email and --display-name; --test generates them.');
};

/** Reads the password from a pipe: it shows neither in the process list nor in a shell history. */
const readPassword = async (): Promise<string | undefined> => {
  if (process.stdin.isTTY === true) return undefined;
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += String(chunk);
  const password = text.replace(/\r?\n$/, '');
  return password === '' ? undefined : password;
};

/**
 * Adds `users create` and the commands that change an account.
 * @param requireDevelopment throws where test users are not allowed
 */
export const addUsersCommands = (
  program: Command,
  output: Output,
  withUsers: WithUsers,
  requireDevelopment: () => void,
): void => {
  const users = program.command('users').description('create, import, change and erase accounts');

  users
    .command('create')
    .description('create an account; its password is read from standard input, else generated')
    .option('--email <address>', 'the e-mail address')
    .option('--display-name <name>', 'the name shown to other users')
    .option('--username <name>', 'a name to sign in with')
    .option('--household-name <name>', 'the name of the default household')
    .option('--locale <tag>', 'the language of mails, such as de')
    .option('--unverified', 'send a verification mail instead of marking the address as verified')
    .option('--test', 'a test user: generates what is missing, shows the password')
    .option('--json', 'print JSON')
    .action(async ({ json, unverified, test, ...wished }: CreateOptions) => {
      if (test === true) requireDevelopment();
      const account = requireAccount(test === true ? completeTestUser(wished) : wished);
      const given = await readPassword();
      const password = given ?? randomBytes(12).toString('base64url');
      const start = unverified === true ? 'unverified' : 'verified';
      const { userId, householdId, email } = await withUsers(({ createAccount, ids }) =>
        createAccount({ ...account, password }, start, operatorContext(ids)),
      );
      const shown = {
        ...(test === true && { email }),
        ...((test === true || given === undefined) && { password }),
      };
      if (json === true) return printJson(output, { userId, householdId, ...shown });
      output.out(`created ${userId}`);
      if (shown.email !== undefined) output.out(`email ${email}`);
      if (shown.password !== undefined) output.out(`password ${password} (shown once)`);
    });

  addImportCommand(users, output, (work) =>
    withUsers(({ importUsers, ids }) => work(importUsers, operatorContext(ids))),
  );
  addAccountStatusCommands(users, output, (work) =>
    withUsers((administration) => work(administration, operatorContext(administration.ids))),
  );
  addEraseCommand(users, output, (work) =>
    withUsers((administration) => work(administration, operatorContext(administration.ids))),
  );
};
