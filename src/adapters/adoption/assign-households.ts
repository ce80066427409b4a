import {
  isConverted,
  legacyColumn,
  type TablePlan,
} from '../../application/adopting/adoption-plan.ts';
import { findColumn } from '../../application/adopting/found-database.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { takeStep } from './adoption-step.ts';
import { addForeignKey, requireColumn, takeIndex } from './recreate-constraints.ts';
import { quoted } from './sql-names.ts';
import { alter } from './table-changes.ts';
import { makeUniquePerHousehold } from './unique-per-household.ts';

const HOUSEHOLDS = 'FOREIGN KEY (household_id) REFERENCES households (id) ON DELETE CASCADE';

/** Prepares a table for households by the steps that take long without a lock. */
export const prepareHouseholds = async (connection: Queryable, plan: TablePlan): Promise<void> => {
  const { table, household, found } = plan;
  if (household === null) return;
  if (household.by !== 'default') await requireColumn(connection, table, 'household_id');
  await addForeignKey(connection, table, `${table}_household_id_fkey`, HOUSEHOLDS);
  const index = `${table}_household_id_index`;
  const on = `ON ${quoted(table)}`;
  await takeIndex(connection, table, index, `CREATE INDEX ${quoted(index)} ${on} (household_id)`);
  const legacy = found.columns
    .map(({ name }) => name)
    .filter((name) => isConverted(plan, name) || plan.setAside.includes(name))
    .map((name) => legacyColumn(plan, name));
  await makeUniquePerHousehold(connection, plan, legacy);
  // References within a household need this key.
  if (findColumn(found, 'id') === undefined) return;
  const key = `${table}_household_id_id_key`;
  await takeIndex(
    connection,
    table,
    key,
    `CREATE UNIQUE INDEX ${quoted(key)} ${on} (household_id, id)`,
  );
  await takeStep(connection, `${table}: key ${key}`, async () => {
    const words = `ADD CONSTRAINT ${quoted(key)} UNIQUE USING INDEX ${quoted(key)}`;
    await connection.query({ text: alter(table, words) });
    return [alter(table, `DROP CONSTRAINT IF EXISTS ${quoted(key)}`)];
  });
};
