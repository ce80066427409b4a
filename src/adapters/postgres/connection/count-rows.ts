import type { Queryable } from './connection.ts';

/** Counts the rows of a table. `table` goes into the SQL text and must be trusted. */
export const countRows = async (connection: Queryable, table: string): Promise<number> => {
  const [row] = await connection.query<{ count: string }>({
    text: `SELECT count(*)::text AS count FROM ${table}`,
  });
  return Number(row?.count ?? 0);
};
