import type { ProjectedTable } from '../../application/projections/projected-tables.ts';

export const shadowName = ({ name }: Pick<ProjectedTable, 'name'>): string => `rebuilt_${name}`;

export const sameKey = (key: readonly string[], a: string, b: string): string =>
  key.map((column) => `${a}.${column} = ${b}.${column}`).join(' AND ');

export const columnsOf = (columns: readonly string[], alias: string): string =>
  columns.map((column) => `${alias}.${column}`).join(', ');

/** Of a live table and its shadow, the rows that count: those nobody needs any more are left out. */
export const countingRows = (table: ProjectedTable) => {
  const { name, key, columns } = table;
  const isCurrent =
    table.obsolete === null
      ? 'true'
      : `NOT coalesce(${table.obsolete.replaceAll('$now', 'now()')}, false)`;
  const rebuilt = `SELECT ${columnsOf(columns, 's')} FROM ${shadowName(table)} AS s WHERE ${isCurrent}`;
  // A row that only looks obsolete still stands where the log wants another one.
  const live = `SELECT ${columnsOf(columns, 'l')} FROM ${name} AS l WHERE ${isCurrent}
    OR EXISTS (SELECT FROM (${rebuilt}) AS r WHERE ${sameKey(key, 'r', 'l')})`;
  return { rebuilt, live };
};
