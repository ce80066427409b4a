import type { Queryable } from '../../../src/adapters/postgres/connection/connection.ts';
import type { AdoptionSubject } from './adoption-subjects.ts';

export type LegacyRow = Readonly<Record<string, unknown>>;
type Rows = Readonly<Record<string, readonly LegacyRow[]>>;

/** In UTC, timestamps read the same with and without a time zone. */
const withoutZone = (row: LegacyRow): LegacyRow =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      typeof value === 'string' ? value.replace(/^(\d{4}-\d\d-\d\dT\S+)\+00:00$/, '$1') : value,
    ]),
  );

const readRows = async (database: Queryable, table: string): Promise<readonly LegacyRow[]> => {
  const rows = await database.query<{ row: LegacyRow }>({
    text: `SELECT to_jsonb(t) AS row FROM ${table} AS t ORDER BY id::text COLLATE "C"`,
  });
  return rows.map(({ row }) => withoutZone(row));
};

/** Every row of `users` and of the chosen tables before the adoption. */
export const readLegacyRows = async (
  database: Queryable,
  { tables }: AdoptionSubject,
): Promise<Rows> => {
  const names = ['users', ...Object.keys(tables)];
  const read = names.map(async (name) => [name, await readRows(database, name)] as const);
  return Object.fromEntries(await Promise.all(read));
};

const asText = (row: LegacyRow, columns: readonly string[]): LegacyRow => ({
  ...row,
  ...Object.fromEntries(
    columns.map((name) => [name, row[name] === null ? null : String(row[name])]),
  ),
});

/** The expected rows after the adoption: the same, with numeric ids as text. */
export const asAdopted = ({ textIds }: AdoptionSubject, { users: _, ...before }: Rows): Rows =>
  Object.fromEntries(
    Object.entries(before).map(([table, rows]) => [
      table,
      rows.map((row) => asText(row, textIds[table] ?? [])),
    ]),
  );

/** The same columns of the same rows after the adoption. */
export const readAdoptedRows = async (
  database: Queryable,
  { users: _, ...before }: Rows,
): Promise<Rows> => {
  const read = Object.entries(before).map(async ([table, [first = {}]]) => {
    const rows = await readRows(database, table);
    const kept = rows.map((row) =>
      Object.fromEntries(Object.keys(first).map((column) => [column, row[column]])),
    );
    return [table, kept] as const;
  });
  return Object.fromEntries(await Promise.all(read));
};

/** A timestamp as the service writes it; one without a zone is UTC. */
export const toInstant = (value: unknown): string => {
  const text = String(value);
  return new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`).toISOString();
};
