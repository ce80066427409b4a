import type { Command } from 'commander';
import { formatTable, type Output, printJson } from '../output/output.ts';

export type Migrations = Readonly<{
  /** @returns the names applied */
  up(): Promise<readonly string[]>;
  /** @returns the names reverted */
  down(all: boolean): Promise<readonly string[]>;
  status(): Promise<Readonly<{ applied: readonly string[]; pending: readonly string[] }>>;
}>;

type WithMigrations = <Result>(
  work: (migrations: Migrations) => Promise<Result>,
) => Promise<Result>;

const listed = (verb: string, names: readonly string[], nothing: string): string =>
  names.length === 0 ? nothing : names.map((name) => `${verb} ${name}`).join('\n');

/** Adds `migrate up|down|status|list`. */
export const addMigrateCommands = (
  program: Command,
  output: Output,
  withMigrations: WithMigrations,
): void => {
  const migrate = program.command('migrate').description('the database schema');

  migrate
    .command('up')
    .description('apply all pending migrations')
    .action(async () => {
      const names = await withMigrations(({ up }) => up());
      output.out(listed('applied', names, 'nothing to apply'));
    });

  migrate
    .command('down')
    .description(
      'revert the latest migration; the event log and the keys are set aside, never dropped',
    )
    .option('--all', 'revert all migrations')
    .action(async ({ all }: { all?: boolean }) => {
      const names = await withMigrations(({ down }) => down(all === true));
      output.out(listed('reverted', names, 'nothing to revert'));
    });

  migrate
    .command('status')
    .description('show how many migrations are applied; exit code 1 when some are pending')
    .action(async () => {
      const { applied, pending } = await withMigrations(({ status }) => status());
      output.out(`${applied.length} applied, ${pending.length} pending`);
      if (pending.length > 0) process.exitCode = 1;
    });

  migrate
    .command('list')
    .description('list all migrations and whether they are applied')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const status = await withMigrations((migrations) => migrations.status());
      if (json === true) return printJson(output, status);
      output.out(
        formatTable([
          ...status.applied.map((name) => ['applied', name]),
          ...status.pending.map((name) => ['pending', name]),
        ]),
      );
    });
};
