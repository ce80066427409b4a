import type { Knex } from 'knex';

/** The schema for tables that a rollback must not lose. */
const PARKED = 'latchkey_parked';

const tablesIn = async (knex: Knex, schema: string): Promise<ReadonlySet<string>> => {
  const { rows } = await knex.raw<{ rows: { tablename: string }[] }>(
    'SELECT tablename FROM pg_tables WHERE schemaname = ?',
    [schema],
  );
  return new Set(rows.map(({ tablename }) => tablename));
};

const hasRows = async (knex: Knex, table: string): Promise<boolean> => {
  const { rows } = await knex.raw<{ rows: { found: boolean }[] }>(
    'SELECT EXISTS (SELECT FROM ??) AS found',
    [table],
  );
  return rows[0]?.found === true;
};

/**
 * Drops the tables when all are empty, else moves them with their indexes and sequences to that
 * schema.
 */
export const park = async (knex: Knex, tables: readonly string[]): Promise<void> => {
  // A running append could commit rows after the check, and the drop would lose them.
  await knex.raw(`LOCK TABLE ${tables.map(() => '??').join(', ')} IN ACCESS EXCLUSIVE MODE`, [
    ...tables,
  ]);
  const filled: boolean[] = [];
  for (const table of tables) filled.push(await hasRows(knex, table));
  if (!filled.includes(true)) {
    for (const table of tables) await knex.raw('DROP TABLE ??', [table]);
    return;
  }
  await knex.raw('CREATE SCHEMA IF NOT EXISTS ??', [PARKED]);
  for (const table of tables) await knex.raw('ALTER TABLE ?? SET SCHEMA ??', [table, PARKED]);
};

/** Restores parked tables. @returns whether there were any */
export const unpark = async (knex: Knex, tables: readonly string[]): Promise<boolean> => {
  const parked = await tablesIn(knex, PARKED);
  if (!tables.every((table) => parked.has(table))) return false;
  const { rows } = await knex.raw<{ rows: { schema: string }[] }>(
    'SELECT current_schema AS schema',
  );
  const schema = rows[0]?.schema ?? 'public';
  for (const table of tables)
    await knex.raw('ALTER TABLE ??.?? SET SCHEMA ??', [PARKED, table, schema]);
  if (parked.size === tables.length) await knex.raw('DROP SCHEMA ??', [PARKED]);
  return true;
};
