import knexPkg, { type Knex } from 'knex';
import type { Queryable } from './connection.ts';

/** Builds SQL only: the statements run on our own pool, prepared under a name. */
export const queryBuilder: Knex = knexPkg({ client: 'pg' });

/** Runs a built query as a prepared statement: one name, one text. */
export const runQuery = <Row extends object>(
  database: Queryable,
  name: string,
  query: Knex.QueryBuilder,
): Promise<readonly Row[]> => {
  const { sql, bindings } = query.toSQL().toNative();
  return database.query<Row>({ name, text: sql, values: [...bindings] });
};
