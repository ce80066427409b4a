import type { Knex } from 'knex';
import { park } from './park-table.ts';
import { unscopeFromHousehold } from './scope-to-household.ts';

const foreignKeysOut = async (knex: Knex, tables: readonly string[]) => {
  const { rows } = await knex.raw<{ rows: { table: string; name: string }[] }>(
    `SELECT c.relname AS table, k.conname AS name FROM pg_constraint AS k
      JOIN pg_class AS c ON c.oid = k.conrelid
      WHERE k.contype = 'f' AND k.connamespace = current_schema::regnamespace
      AND c.relname = ANY (?) AND NOT k.confrelid = ANY (?::regclass[])`,
    [[...tables], [...tables]],
  );
  return rows;
};

/**
 * Removes the household scope from the tables and parks them, children before parents. Foreign keys
 * to tables that are not parked are dropped; unparking must recreate them.
 */
export const parkHouseholdTables = async (knex: Knex, tables: readonly string[]): Promise<void> => {
  const places = tables.map(() => '??').join(', ');
  await knex.raw(`LOCK TABLE ${places} IN ACCESS EXCLUSIVE MODE`, [...tables]);
  // Under a forced policy the owner would see no rows, and a full table would look empty.
  for (const table of tables) await unscopeFromHousehold(knex, table);
  for (const { table, name } of await foreignKeysOut(knex, tables)) {
    await knex.raw('ALTER TABLE ?? DROP CONSTRAINT ??', [table, name]);
  }
  await park(knex, tables);
};
