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
  throw new UsageError('An account needs --email and --display-name; --test makes them up.');
};

/** From a pipe if there is one, so that it shows neither in the process list nor in a shell history. */
const readPassword = async (): Promise<string | undefined> => {
  if (process.stdin.isTTY === true) return undefined;
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += String(chunk);
  const password = text.replace(/\r?\n$/, '');
  return password === '' ? undefined : password;
};

/**
 * `users create`, and what becomes of an account later
 * @param requireDevelopment throws where there must be no test users
 */
export const addUsersCommands = (
  program: Command,
  output: Output,
  withUsers: WithUsers,
  requireDevelopment: () => void,
): void => {
  const users = program.command('users').description('accounts');

  users
    .command('create')
    .description('create an account; its password comes from standard input, else one is made up')
    .option('--email <address>')
    .option('--display-name <name>')
    .option('--username <name>')
    .option('--household-name <name>')
    .option('--locale <tag>', 'the language of mails, such as de')
    .option('--unverified', 'send a mail to prove the address, instead of standing for it')
    .option('--test', 'a user to try things with: makes up what is missing, shows the password')
    .option('--json', 'print it as JSON')
    .action(async ({ json, unverified, test, ...wished }: CreateOptions) => {
      if (test === true) requireDevelopment();
      const account = requireAccount(test === true ? completeTestUser(wished) : wished);
      const given = await readPassword();
      const password = given ?? randomBytes(12).toString('base64url');
      const start = unverified === true ? 'claimed' : 'vouched';
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
