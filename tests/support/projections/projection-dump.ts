import type { Queryable } from '../../../src/adapters/postgres/connection/connection.ts';
import { projectedTables } from '../../../src/application/projections/projected-tables.ts';
import { dumpRows } from '../adopting/database-description.ts';

/** Every row of every projected table, in the columns that events write. */
export const dumpProjections = async (
  database: Queryable,
): Promise<Readonly<Record<string, readonly string[]>>> => {
  const dumps = projectedTables.map(
    async ({ name, columns }) => [name, await dumpRows(database, name, columns)] as const,
  );
  return Object.fromEntries(await Promise.all(dumps));
};
