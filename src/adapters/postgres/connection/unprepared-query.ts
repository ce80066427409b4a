import type { Knex } from 'knex';
import type { Queryable } from './connection.ts';

/**
 * Runs a built query whose shape depends on what is asked for: planned for its very values, which is
 * what lets a pattern use an index, and forgotten.
 */
export const runUnprepared = <Row extends object>(
  database: Queryable,
  query: Knex.QueryBuilder,
): Promise<readonly Row[]> => {
  const { sql, bindings } = query.toSQL().toNative();
  return database.query<Row>({ text: sql, values: [...bindings] });
};
