import type { ProjectedTable } from '../../application/projections/projected-tables.ts';
import type { Columns } from '../../application/projections/row-change.ts';
import type { Queryable } from '../postgres/connection/connection.ts';

/** The name of the temporary staging table. */
export const stagingName = ({ name }: Pick<ProjectedTable, 'name'>): string => `rebuilt_${name}`;

/** The name of the temporary table with the keys of rows that may differ. */
export const candidatesName = ({ name }: Pick<ProjectedTable, 'name'>): string =>
  `suspects_${name}`;

export const keysAsJson = (key: readonly string[], rows: readonly Columns[]): string =>
  JSON.stringify(rows.map((row) => Object.fromEntries(key.map((column) => [column, row[column]]))));

export const sameKey = (key: readonly string[], a: string, b: string): string =>
  key.map((column) => `${a}.${column} = ${b}.${column}`).join(' AND ');

export const columnsOf = (columns: readonly string[], alias: string): string =>
  columns.map((column) => `${alias}.${column}`).join(', ');

/** Queries for the rows of a live table and its staging table, without obsolete ones. */
export const currentRows = (table: ProjectedTable) => {
  const { name, key, columns } = table;
  const isCurrent =
    table.obsolete === null
      ? 'true'
      : `NOT coalesce(${table.obsolete.replaceAll('$now', 'now()')}, false)`;
  const rebuilt = `SELECT ${columnsOf(columns, 's')} FROM ${stagingName(table)} AS s WHERE ${isCurrent}`;
  // An obsolete live row still differs if the log yields a current one with its key.
  const live = `SELECT ${columnsOf(columns, 'l')} FROM ${name} AS l WHERE ${isCurrent}
    OR EXISTS (SELECT FROM (${rebuilt}) AS r WHERE ${sameKey(key, 'r', 'l')})`;
  return { rebuilt, live };
};

/** Creates the temporary tables of one session. */
export const createStagingTables = async (
  connection: Queryable,
  tables: readonly ProjectedTable[],
): Promise<void> => {
  const statements = tables.flatMap((table) => {
    const { name, key, columns } = table;
    return [
      `CREATE TEMPORARY TABLE ${stagingName(table)} AS SELECT ${columns} FROM ${name} WITH NO DATA`,
      `CREATE TEMPORARY TABLE ${candidatesName(table)} AS SELECT ${key} FROM ${name} WITH NO DATA`,
    ];
  });
  await connection.query({ text: statements.join(';') });
};
