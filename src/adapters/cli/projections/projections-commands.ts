import type { Command } from 'commander';
import { projectedTables } from '../../../application/projections/projected-tables.ts';
import type {
  Drift,
  ProjectionRebuilder,
  RebuildProgress,
  RebuildReport,
} from '../../../application/projections/projection-rebuilder.ts';
import type { ProjectedTableName } from '../../../application/projections/row-change.ts';
import { formatTable, type Output, printJson } from '../output/output.ts';
import { createProgress } from '../output/progress.ts';
import { UsageError } from '../output/usage-error.ts';

type WithProjections = <Result>(
  work: (projections: ProjectionRebuilder) => Promise<Result>,
  options?: Readonly<{ restored: boolean }>,
) => Promise<Result>;

type JsonOption = { json?: boolean; restored?: boolean };

const MAX_SHOWN = 200;

const parseTables = (names: readonly string[]): readonly ProjectedTableName[] => {
  const known = projectedTables.map(({ name }) => name);
  if (names.length === 0) return known;
  return names.map((name) => {
    const table = known.find((candidate) => candidate === name);
    if (table === undefined) {
      throw new UsageError(
        `${name} is not a projected table; expected one of: ${known.join(', ')}`,
      );
    }
    return table;
  });
};

const show = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

const formatDrift = (drift: readonly Drift[]): string =>
  formatTable([
    ['table', 'key', 'column', 'live', 'rebuilt'],
    ...drift
      .slice(0, MAX_SHOWN)
      .map(({ table, key, column, live, rebuilt }) => [
        table,
        show(key),
        column,
        show(live),
        show(rebuilt),
      ]),
  ]);

const report = (output: Output, verb: string, json: boolean, result: RebuildReport) => {
  if (json) return printJson(output, result);
  const { events, drift, furtherRows } = result;
  if (drift.length > 0) output.out(formatDrift(drift));
  if (drift.length > MAX_SHOWN) output.out(`… and ${drift.length - MAX_SHOWN} more`);
  const further = furtherRows === undefined ? '' : `, and ${furtherRows} more rows`;
  output.out(`${verb} ${events} events: ${drift.length} differences${further}`);
};

/** Adds `projections rebuild|verify|status`. */
export const addProjectionsCommands = (
  program: Command,
  output: Output,
  withProjections: WithProjections,
): void => {
  const projections = program
    .command('projections')
    .description('the tables derived from the event log');

  const run = async (
    names: readonly string[],
    { json, restored = false }: JsonOption,
    verb: string,
    work: (
      projections: ProjectionRebuilder,
    ) => (
      tables: readonly ProjectedTableName[],
      onProgress: RebuildProgress,
    ) => Promise<RebuildReport>,
  ): Promise<RebuildReport> => {
    const tables = parseTables(names);
    const progress = await createProgress(output, 'events');
    try {
      const result = await withProjections(
        (rebuilder) => work(rebuilder)(tables, progress.update),
        { restored },
      );
      progress.stop();
      report(output, verb, json === true, result);
      return result;
    } finally {
      progress.stop();
    }
  };

  projections
    .command('rebuild [table...]')
    .description(
      'rebuild tables from the event log and repair what differs, while the service runs; exit code 0 when done',
    )
    .option('--json', 'print the report as JSON')
    .option(
      '--restored',
      'even if the event store lacks events of the tables: an older backup was restored',
    )
    .action(async (names: string[], options: JsonOption) => {
      await run(names, options, 'rebuilt from', (rebuilder) => rebuilder.rebuild);
    });

  projections
    .command('verify [table...]')
    .description('compare tables with the event log; exit code 1 when they differ')
    .option('--json', 'print the report as JSON')
    .action(async (names: string[], options: JsonOption) => {
      const { drift } = await run(names, options, 'compared with', (rebuilder) => rebuilder.verify);
      if (drift.length > 0) process.exitCode = 1;
    });

  projections
    .command('status')
    .description('show whether the tables are up to date, and how many rows they have')
    .option('--json', 'print JSON')
    .action(async ({ json }: JsonOption) => {
      const status = await withProjections((rebuilder) => rebuilder.status());
      if (json === true) return printJson(output, status);
      output.out(
        `status  ${status.status} (since ${status.updatedAt})\nevents  ${status.events}\n`,
      );
      output.out(
        formatTable([
          ['table', 'rows'],
          ...Object.entries(status.rows).map(([table, rows]) => [table, String(rows)]),
        ]),
      );
    });
};
