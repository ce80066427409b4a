import { projectedTable } from './projected-tables.ts';
import type { Columns, RowChange } from './row-change.ts';

const addresses = (where: Columns, columns: readonly string[]): boolean =>
  columns.length === Object.keys(where).length && columns.every((column) => column in where);

/** Checks whether a change addresses one row by its key, and not several by a lookup. */
export const isKeyed = ({ table, where }: RowChange): boolean =>
  addresses(where, projectedTable(table).key);

const identity = ({ table, where }: RowChange): string =>
  JSON.stringify([table, ...projectedTable(table).key.map((column) => where[column])]);

/** Combines two successive changes of one row; null when they cancel out. */
const combine = (first: RowChange, second: RowChange): RowChange | null => {
  switch (second.op) {
    case 'update':
      return first.op === 'delete' ? first : { ...first, set: { ...first.set, ...second.set } };
    case 'delete':
      return first.op === 'insert' ? null : second;
    case 'insert':
    case 'upsert':
      return first.op === 'insert' ? { ...second, op: 'insert' } : { ...second, op: 'upsert' };
  }
};

/** Folds changes by lookup. The same columns with other values address other rows. */
const foldLookups = (changes: readonly RowChange[]): readonly RowChange[] => {
  const folded = new Map<string, RowChange>();
  const columnsByTable = new Map<string, string>();
  for (const change of changes) {
    const { table, op, where } = change;
    const columns = `${op} ${Object.keys(where)}`;
    if ((columnsByTable.get(table) ?? columns) !== columns) throw clash();
    columnsByTable.set(table, columns);
    const id = JSON.stringify([table, ...Object.values(where)]);
    const earlier = folded.get(id);
    folded.set(id, { ...change, set: { ...earlier?.set, ...change.set } });
  }
  return [...folded.values()];
};

const clash = () =>
  new TypeError('changes by lookup cannot be combined with others of the same table');

/**
 * Folds changes to at most one per row, so that one SQL statement can carry them: the parts of a
 * statement see the same snapshot and must not change a row twice.
 * @throws TypeError when a change by lookup might touch a row that another change touches
 */
export const foldRowChanges = (changes: readonly RowChange[]): readonly RowChange[] => {
  const keyed = new Map<string, RowChange>();
  const byLookup = changes.filter((change) => !isKeyed(change));
  for (const change of changes) {
    if (!isKeyed(change)) continue;
    const id = identity(change);
    const earlier = keyed.get(id);
    const combined = earlier === undefined ? change : combine(earlier, change);
    if (combined === null) keyed.delete(id);
    else keyed.set(id, combined);
  }
  const tables = new Set([...keyed.values()].map(({ table }) => table));
  if (byLookup.some(({ table }) => tables.has(table))) throw clash();
  return [...keyed.values(), ...foldLookups(byLookup)];
};

/** Splits changes, in their order, into runs that `foldRowChanges` accepts. */
export const separateLookups = (
  changes: readonly RowChange[],
): readonly (readonly RowChange[])[] => {
  const runs: RowChange[][] = [];
  // How the run addresses each table so far: by key, or by certain columns.
  let addressing = new Map<string, string>();
  for (const change of changes) {
    const by = isKeyed(change) ? 'keyed' : `${change.op} ${Object.keys(change.where)}`;
    const run = runs.at(-1);
    if (run === undefined || (addressing.get(change.table) ?? by) !== by) {
      runs.push([change]);
      addressing = new Map();
    } else {
      run.push(change);
    }
    addressing.set(change.table, by);
  }
  return runs;
};
