import type { Command } from 'commander';
import type { ImportProblem } from '../../../application/importing/import-problem.ts';
import type { ImportReport } from '../../../application/importing/import-tally.ts';
import type { ImportProgress, ImportUsers } from '../../../application/importing/import-users.ts';
import type { RequestContext } from '../../../application/kernel/request-context.ts';
import { formatTable, type Output, printJson } from '../output/output.ts';
import { createProgress } from '../output/progress.ts';
import { openJsonLines } from './json-lines-file.ts';

type WithImport = <Result>(
  work: (importUsers: ImportUsers, context: RequestContext) => Promise<Result>,
) => Promise<Result>;

type Options = Readonly<{ dryRun?: boolean; skipConflicts?: boolean; json?: boolean }>;

const MAX_SHOWN = 200;

const describeProblem = (problem: ImportProblem): string => {
  if (problem.code !== 'conflict') {
    return problem.member === undefined ? problem.code : `${problem.code} ${problem.member}`;
  }
  const holder =
    'otherLine' in problem ? `line ${problem.otherLine}` : `existing account ${problem.userId}`;
  return `conflict ${problem.kind}: ${holder}`;
};

const print = ({ out }: Output, { problems, ...counts }: ImportReport): void => {
  const shown = problems.slice(0, MAX_SHOWN);
  const rows = shown.map((problem) => [String(problem.line), describeProblem(problem)]);
  if (rows.length > 0) out(formatTable([['line', 'problem'], ...rows]));
  if (counts.skipped > shown.length) out(`… and ${counts.skipped - shown.length} more`);
  const { lines, imported, unchanged, skipped, importable } = counts;
  out(
    `${lines} lines: ${imported} imported, ${unchanged} unchanged, ${skipped} skipped` +
      (importable > 0 ? `, ${importable} could be imported` : ''),
  );
};

/** Shows a bar for the check, then a bar for the import. */
const watch = async (
  output: Output,
): Promise<Readonly<{ update: ImportProgress; stop: () => void }>> => {
  const bars = {
    check: await createProgress(output, 'bytes checked'),
    store: await createProgress(output, 'accounts'),
  };
  return {
    update: (phase, done, total) => {
      if (phase === 'store') bars.check.stop();
      bars[phase].update(done, total);
    },
    stop: () => {
      bars.check.stop();
      bars.store.stop();
    },
  };
};

/** Adds `users import`. */
export const addImportCommand = (users: Command, output: Output, withImport: WithImport): void => {
  users
    .command('import <file>')
    .description(
      'import accounts from a file with one JSON object per line; see docs/importing-users.md',
    )
    .option('--dry-run', 'check the whole file, write nothing')
    .option('--skip-conflicts', 'skip lines with problems and import all others')
    .option('--json', 'print the report as JSON')
    .action(async (file: string, { dryRun, skipConflicts, json }: Options) => {
      const source = await openJsonLines(file);
      const options = { dryRun: dryRun === true, skipConflicts: skipConflicts === true };
      const progress = await watch(output);
      try {
        const report = await withImport((importUsers, context) =>
          importUsers(source, options, context, progress.update),
        );
        progress.stop();
        if (json === true) printJson(output, report);
        else print(output, report);
        if (report.skipped > 0 && !options.skipConflicts) process.exitCode = 1;
      } finally {
        progress.stop();
      }
    });
};
