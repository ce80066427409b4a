import type { Knex } from 'knex';
import { addLateForeignKey, hasConstraint } from './late-foreign-key.ts';
import { ensureMemberRole, MEMBER_ROLE } from './member-role.ts';

const POLICY = 'household_isolation';
/** Null, and so true for no row, when no household is set. */
const IN_HOUSEHOLD = "household_id = current_setting('latchkey.household_id', true)";

const NOT_NULL_VIOLATION = '23502';

const addColumn = async (
  knex: Knex,
  table: string,
  backfill: string | undefined,
): Promise<void> => {
  if (!(await knex.schema.hasColumn(table, 'household_id'))) {
    // A constant default rewrites no rows.
    const { rows } = await knex.raw<{ rows: { statement: string }[] }>(
      `SELECT format('ALTER TABLE %I ADD COLUMN household_id text', ?::text)
        || CASE WHEN ?::text IS NULL THEN '' ELSE format(' NOT NULL DEFAULT %L', ?::text) END
        AS statement`,
      [table, backfill ?? null, backfill ?? null],
    );
    await knex.raw(rows[0]?.statement ?? '');
    await knex.raw('ALTER TABLE ?? ALTER COLUMN household_id DROP DEFAULT', [table]);
  }
  try {
    await knex.raw('ALTER TABLE ?? ALTER COLUMN household_id SET NOT NULL', [table]);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === NOT_NULL_VIOLATION)) {
      throw error;
    }
    const reason = `${table} has rows without a household: say which one they belong to (backfill).`;
    throw new Error(reason, { cause: error });
  }
};

/** Adds the key that composite foreign keys need, which include the household. */
const addKey = async (knex: Knex, table: string): Promise<void> => {
  const name = `${table}_household_id_id_key`;
  if (await hasConstraint(knex, table, name)) return;
  // An adopted table may have another key.
  if (!(await knex.schema.hasColumn(table, 'id'))) return;
  await knex.raw('ALTER TABLE ?? ADD CONSTRAINT ?? UNIQUE (household_id, id)', [table, name]);
};

/**
 * Scopes a table to households: column, foreign key, index, and the policy by which the database
 * itself shows the rows of one household only. Existing parts are kept, so that an adoption of a
 * large table can do the slow ones in advance. `backfill`: the household of existing rows, when the
 * column is new.
 */
export const scopeToHousehold = async (
  knex: Knex,
  table: string,
  { backfill }: Readonly<{ backfill?: string }> = {},
): Promise<void> => {
  await ensureMemberRole(knex);
  await addColumn(knex, table, backfill);
  await addLateForeignKey(knex, {
    table,
    name: `${table}_household_id_fkey`,
    columns: 'household_id',
    target: 'households',
    targetColumns: 'id',
    onDelete: 'CASCADE',
  });
  await addKey(knex, table);
  await knex.raw('CREATE INDEX IF NOT EXISTS ?? ON ?? (household_id)', [
    `${table}_household_id_index`,
    table,
  ]);
  await knex.raw(`DROP POLICY IF EXISTS ${POLICY} ON ??`, [table]);
  await knex.raw(
    `CREATE POLICY ${POLICY} ON ?? USING (${IN_HOUSEHOLD}) WITH CHECK (${IN_HOUSEHOLD})`,
    [table],
  );
  await knex.raw('ALTER TABLE ?? ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', [table]);
  await knex.raw(`GRANT SELECT, INSERT, UPDATE, DELETE ON ?? TO ${MEMBER_ROLE}`, [table]);
};

/**
 * Removes the policy and the foreign key. The column stays with its values, its index and its key,
 * unless `dropColumn` is true.
 */
export const unscopeFromHousehold = async (
  knex: Knex,
  table: string,
  { dropColumn = false }: Readonly<{ dropColumn?: boolean }> = {},
): Promise<void> => {
  await knex.raw(`REVOKE ALL ON ?? FROM ${MEMBER_ROLE}`, [table]);
  await knex.raw('ALTER TABLE ?? NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', [table]);
  await knex.raw(`DROP POLICY IF EXISTS ${POLICY} ON ??`, [table]);
  await knex.raw('ALTER TABLE ?? DROP CONSTRAINT IF EXISTS ??', [
    table,
    `${table}_household_id_fkey`,
  ]);
  if (dropColumn) await knex.raw('ALTER TABLE ?? DROP COLUMN household_id CASCADE', [table]);
};
