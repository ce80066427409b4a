import {
  foldRowChanges,
  separateLookups,
} from '../../../application/projections/fold-row-changes.ts';
import { projectedTable } from '../../../application/projections/projected-tables.ts';
import type { Columns, RowChange } from '../../../application/projections/row-change.ts';
import type { Statement } from './connection.ts';

/**
 * Changes of one table that differ only in their values; one part of a statement applies them all.
 */
type Group = { shape: Pick<RowChange, 'table' | 'op' | 'where' | 'set'>; rows: Columns[] };

/** Row changes grouped for one statement. Equal shapes yield equal SQL. */
export type GroupedRowChanges = Readonly<{
  groups: readonly Group['shape'][];
  /** One parameter per group: its rows, as JSON. */
  values: readonly string[];
  shape: string;
}>;

const shapeOf = ({ table, op, where, set }: RowChange): string =>
  `${op} ${table}(${Object.keys(where)};${Object.keys(set)})`;

const group = (changes: readonly RowChange[]): ReadonlyMap<string, Group> => {
  const groups = new Map<string, Group>();
  for (const change of changes) {
    const shape = shapeOf(change);
    const found = groups.get(shape) ?? { shape: change, rows: [] };
    found.rows.push({ ...change.set, ...change.where });
    groups.set(shape, found);
  }
  return groups;
};

/** Deletes precede inserts, so that a unique index never sees both rows. */
const ORDER = ['delete', 'update', 'upsert', 'insert'] as const;

const sqlFor = ({ table, op, where, set }: Group['shape'], rows: string, after: string): string => {
  const source = `jsonb_populate_recordset(NULL::${table}, ${rows}::jsonb) AS r, ${after}`;
  const matches = Object.keys(where).map((column) => `t.${column} = r.${column}`);
  const columns = [...Object.keys(where), ...Object.keys(set)];
  const values = columns.map((column) => `r.${column}`);
  const insert = `INSERT INTO ${table} (${columns}) SELECT ${values} FROM ${source}`;
  switch (op) {
    case 'delete':
      return `DELETE FROM ${table} AS t USING ${source} WHERE ${matches.join(' AND ')} RETURNING 1`;
    case 'update': {
      // A column that identifies the rows can only be set to NULL: `r` holds its previous value.
      const assignments = Object.keys(set).map((column) =>
        column in where ? `${column} = NULL` : `${column} = r.${column}`,
      );
      return `UPDATE ${table} AS t SET ${assignments} FROM ${source} WHERE ${matches.join(' AND ')} RETURNING 1`;
    }
    case 'upsert': {
      const assignments = Object.keys(set).map((column) => `${column} = excluded.${column}`);
      return `${insert} ON CONFLICT (${projectedTable(table).key}) DO UPDATE SET ${assignments} RETURNING 1`;
    }
    case 'insert':
      return `${insert} RETURNING 1`;
  }
};

/** Folds changes, so that no row is changed twice, and puts them in a safe order. */
export const groupRowChanges = (changes: readonly RowChange[]): GroupedRowChanges => {
  const groups = [...group(foldRowChanges(changes)).entries()].sort(
    ([, a], [, b]) => ORDER.indexOf(a.shape.op) - ORDER.indexOf(b.shape.op),
  );
  return {
    groups: groups.map(([, { shape }]) => shape),
    values: groups.map(([, { rows }]) => JSON.stringify(rows)),
    shape: groups.map(([shape]) => shape).join('\n'),
  };
};

/**
 * Builds data-modifying parts of a WITH list. Each runs only if the part `guard` yields its one
 * row; those of one table run one after the other.
 * @param firstParameter number of the first `$n` to use
 */
export const rowChangeParts = (
  { groups }: GroupedRowChanges,
  guard: string,
  firstParameter: number,
): readonly string[] => {
  const before = new Map<string, string[]>();
  return groups.map((shape, index) => {
    const name = `change_${index}`;
    const earlier = before.get(shape.table) ?? [];
    const after = [
      guard,
      ...earlier.map((part) => `(SELECT count(*) FROM ${part}) AS after_${part}`),
    ].join(', ');
    before.set(shape.table, [...earlier, name]);
    return `${name} AS (${sqlFor(shape, `$${firstParameter + index}`, after)})`;
  });
};

/** Builds statements for one transaction; changes that must not share a statement are separated. */
export const rowChangeStatements = (changes: readonly RowChange[]): readonly Statement[] =>
  separateLookups(changes).map((together) => {
    const rows = groupRowChanges(together);
    const parts = rowChangeParts(rows, 'guard', 1);
    return {
      text: `WITH ${['guard AS (SELECT)', ...parts].join(',\n')} SELECT`,
      values: rows.values,
    };
  });
