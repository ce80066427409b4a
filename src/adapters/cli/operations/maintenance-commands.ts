import type { Command } from 'commander';
import { formatTable, type Output, printJson } from '../output/output.ts';

/** The result of one check; `problem` says in a sentence what is wrong, if anything is. */
export type Finding = Readonly<{ check: string; value: string; problem?: string }>;

type Maintenance = Readonly<{
  /** @returns rows removed, by table */
  cleanup(): Promise<Readonly<Record<string, number>>>;
  examine(): Promise<readonly Finding[]>;
  /** @returns rows changed, by table; undefined when a server runs on the database */
  afterRestore(): Promise<Readonly<Record<string, number>> | undefined>;
}>;

/** Adds `cleanup`, `doctor` and `after-restore`. */
export const addMaintenanceCommands = (
  program: Command,
  output: Output,
  { cleanup, examine, afterRestore }: Maintenance,
): void => {
  program
    .command('cleanup')
    .description(
      'delete rows of ended sessions and expired tokens, but no events; erase accounts that were never verified',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const removed = await cleanup();
      if (json === true) return printJson(output, removed);
      const rows = Object.entries(removed).map(([table, count]) => [table, String(count)]);
      output.out(formatTable([['table', 'rows removed'], ...rows]));
    });

  program
    .command('after-restore')
    .description('prepare a database that was restored from a dump; run it once, before serving')
    .option('--json', 'print JSON')
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
    .description('check configuration, database, keys and mail; exit code 1 when a check fails')
    .option('--json', 'print JSON')
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
