import type { Command } from 'commander';
import { formatTable, type Output, printJson } from '../output/output.ts';

/** One thing that was looked at; `problem` says in a sentence what is wrong. */
export type Finding = Readonly<{ check: string; value: string; problem?: string }>;

type Maintenance = Readonly<{
  /** @returns rows removed, by table */
  cleanup(): Promise<Readonly<Record<string, number>>>;
  examine(): Promise<readonly Finding[]>;
  /** @returns rows changed, by table; undefined when a server runs on the database */
  afterRestore(): Promise<Readonly<Record<string, number>> | undefined>;
}>;

/** `cleanup`, `doctor`, `after-restore` */
export const addMaintenanceCommands = (
  program: Command,
  output: Output,
  { cleanup, examine, afterRestore }: Maintenance,
): void => {
  program
    .command('cleanup')
    .description(
      'delete rows of dead sessions and expired tokens, whose events stay; erase accounts nobody proved',
    )
    .option('--json', 'print it as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const removed = await cleanup();
      if (json === true) return printJson(output, removed);
      const rows = Object.entries(removed).map(([table, count]) => [table, String(count)]);
      output.out(formatTable([['table', 'rows removed'], ...rows]));
    });

  program
    .command('after-restore')
    .description(
      'make a database that was restored from a dump fit for its new server; once, before serving',
    )
    .option('--json', 'print it as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const changed = await afterRestore();
      if (changed === undefined) {
        process.exitCode = 1;
        return output.err('A server is running on this database: stop it first.');
      }
      if (json === true) return printJson(output, changed);
      const rows = Object.entries(changed).map(([table, count]) => [table, String(count)]);
      output.out(formatTable([['table', 'rows changed'], ...rows]));
    });

  program
    .command('doctor')
    .description(
      'look at configuration, database, keys and mail; exit code 1 when something is wrong',
    )
    .option('--json', 'print it as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine();
      if (findings.some(({ problem }) => problem !== undefined)) process.exitCode = 1;
      if (json === true) return printJson(output, findings);
      output.out(
        formatTable(
          findings.map(({ check, value, problem }) => [
            problem === undefined ? 'ok' : 'PROBLEM',
            check,
            problem ?? value,
          ]),
        ),
      );
    });
};
