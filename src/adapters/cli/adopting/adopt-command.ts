import type { Command } from 'commander';
import type { AdoptDatabase } from '../../../application/adopting/adopt-database.ts';
import type { AdoptionOptions } from '../../../application/adopting/adoption-plan.ts';
import { isMappable, mappable } from '../../../application/adopting/user-columns.ts';
import type { IdGenerator } from '../../../application/kernel/id-generator.ts';
import { operatorContext } from '../output/operator-context.ts';
import { type Output, printJson } from '../output/output.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { UsageError } from '../output/usage-error.ts';
import { printAdoption } from './adopt-output.ts';

export type Adoption = Readonly<{ adoptDatabase: AdoptDatabase; ids: IdGenerator }>;

export type WithAdoption = <Result>(
  work: (adoption: Adoption) => Promise<Result>,
) => Promise<Result>;

type Options = Readonly<{
  table?: readonly string[];
  allTables?: boolean;
  households?: string;
  owner?: string;
  map?: readonly string[];
  dryRun?: boolean;
  json?: boolean;
}>;

const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  value,
];

const parseMap = (pairs: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const [field, column, ...rest] = pair.split('=');
      if (field === undefined || column === undefined || rest.length > 0) {
        throw new UsageError(`--map ${pair}: expected <field>=<old column>.`);
      }
      if (!isMappable(field)) {
        throw new UsageError(`--map ${pair}: the fields are ${mappable.join(', ')}.`);
      }
      return [field, column];
    }),
  );

const parseOptions = (options: Options): AdoptionOptions => {
  const { households = 'default' } = options;
  if (households !== 'default' && households !== 'per-user') {
    throw new UsageError(`--households ${households}: expected default or per-user.`);
  }
  return {
    tables: [...new Set(options.table ?? [])],
    allTables: options.allTables === true,
    households,
    owner: options.owner ?? null,
    map: parseMap(options.map ?? []),
  };
};

/** Shows one progress bar per phase: each phase counts another unit. */
const watch = (output: Output) => {
  let shown: { what: string; bar: Progress } | undefined;
  let last = Promise.resolve();
  const show = async (what: string, done: number, total: number): Promise<void> => {
    if (shown?.what !== what) {
      shown?.bar.stop();
      shown = { what, bar: await createProgress(output, what) };
    }
    shown.bar.update(done, Math.max(done, total));
  };
  return {
    update: (what: string, done: number, total: number): void => {
      last = last.then(() => show(what, done, total));
    },
    stop: async (): Promise<void> => {
      await last;
      shown?.bar.stop();
    },
  };
};

const adopt = async (
  output: Output,
  withAdoption: WithAdoption,
  options: Options,
): Promise<void> => {
  const wanted = parseOptions(options);
  const progress = watch(output);
  const onWait = () =>
    output.err('latchkey: another adoption of this database is running: waiting');
  const report = await withAdoption(async ({ adoptDatabase, ids }) => {
    if (options.dryRun === true) return adoptDatabase.dryRun(wanted);
    const watching = { onProgress: progress.update, onWait };
    return adoptDatabase.adopt(wanted, operatorContext(ids), watching);
  }).finally(progress.stop);
  if (options.json === true) printJson(output, report);
  else printAdoption(output, report);
  if (report.outcome === 'refused') process.exitCode = 1;
};

/** Adds `adopt`. */
export const addAdoptCommand = (
  program: Command,
  output: Output,
  withAdoption: WithAdoption,
): Command =>
  program
    .command('adopt')
    .description('adopt a database that already has users, in place')
    .option('--table <name>', 'a data table whose rows get a household; may be repeated', collect)
    .option('--all-tables', 'all data tables that refer to users')
    .option(
      '--households <mode>',
      'default: one shared household for all users; per-user: one for each user',
      'default',
    )
    .option(
      '--owner <id>',
      'user who owns the shared household; default: the first admin, else the oldest user',
    )
    .option('--map <field=column>', 'read a field from this old column; may be repeated', collect)
    .option('--dry-run', 'report what would be done, write nothing')
    .option('--json', 'print the report as JSON')
    .action((options: Options) => adopt(output, withAdoption, options));
