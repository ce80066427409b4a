import type { Queryable } from './connection.ts';

export const countRows = async (connection: Queryable, table: string): Promise<number> => {
  const [row] = await connection.query<{ count: string }>({
    text: `SELECT count(*)::text AS count FROM ${table}`,
  });
  return Number(row?.count ?? 0);
};
