import knexPkg, { type Knex } from 'knex';
import type { Queryable } from './connection.ts';

/** Builds SQL and runs nothing: statements run on the pool of `Database`. */
export const queryBuilder: Knex = knexPkg({ client: 'pg' });

/** Runs a built query as a prepared statement; each name must always have the same text. */
export const runQuery = <Row extends object>(
  database: Queryable,
  name: string,
  query: Knex.QueryBuilder,
): Promise<readonly Row[]> => {
  const { sql, bindings } = query.toSQL().toNative();
  return database.query<Row>({ name, text: sql, values: [...bindings] });
};
