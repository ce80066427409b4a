/**
 * Runs one step of the scenario `rebuild` in a separate process, so that its memory can be
 * measured. Arguments: the step, and for `fill` the number of users. Prints time and memory as
 * JSON.
 */
import { migrateUp } from '../../src/adapters/postgres/connection/migrations.ts';
import { projectedTables } from '../../src/application/projections/projected-tables.ts';
import { tokens } from '../../src/composition/system-tokens.ts';
import { readConfig } from '../../src/configuration/config.ts';
import { openSystem } from '../../src/server/open-system.ts';
import { fillLog } from './rebuild-log.ts';
import { copyAndFold, copyRows, foldInSql } from './rebuild-references.ts';

const [step = '', people = '0'] = process.argv.slice(2);
const KIBIBYTES_PER_MEBIBYTE = 1_024;

const system = await openSystem(readConfig(), () => undefined);
const names = projectedTables.map(({ name }) => name);
const rebuild = () => system.get(tokens.projections).rebuild(names, () => undefined);
const steps: Readonly<Record<string, () => Promise<unknown>>> = {
  fill: async () => {
    await migrateUp(system.connectionString);
    await fillLog(system, Number(people));
  },
  rebuild,
  'copy and fold': () => copyAndFold(system),
  'copy rows': () => copyRows(system),
  'fold in sql': () => foldInSql(system),
};

const began = performance.now();
await steps[step]?.();
const seconds = (performance.now() - began) / 1_000;
const { events, rows } = await system.get(tokens.projections).status();
console.log(
  JSON.stringify({
    seconds,
    events,
    rows: Object.values(rows).reduce((sum, count) => sum + count, 0),
    peakMiB: process.resourceUsage().maxRSS / KIBIBYTES_PER_MEBIBYTE,
  }),
);
await system.close();
