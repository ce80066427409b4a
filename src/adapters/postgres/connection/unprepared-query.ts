import type { Knex } from 'knex';
import type { Queryable } from './connection.ts';

/**
 * Runs a built query without preparing it, for queries whose shape depends on the request.
 * PostgreSQL plans it for its values, which lets a LIKE pattern use an index.
 */
export const runUnprepared = <Row extends object>(
  database: Queryable,
  query: Knex.QueryBuilder,
): Promise<readonly Row[]> => {
  const { sql, bindings } = query.toSQL().toNative();
  return database.query<Row>({ text: sql, values: [...bindings] });
};
