import type { Knex } from 'knex';
import { addLateForeignKey } from './late-foreign-key.ts';

type Reference = Readonly<{
  table: string;
  column: string;
  target: string;
  targetColumn?: string;
  required?: true;
}>;

const REFERENCES: readonly Reference[] = [
  { table: 'categories', column: 'parent_id', target: 'categories' },
  { table: 'transactions', column: 'account_id', target: 'accounts', required: true },
  { table: 'transactions', column: 'category_id', target: 'categories' },
  { table: 'transactions', column: 'payee_id', target: 'payees' },
  {
    table: 'tasks',
    column: 'assignee_id',
    target: 'household_members',
    targetColumn: 'user_id',
  },
];

const TABLES = ['accounts', 'categories', 'payees', 'transactions', 'tasks'] as const;

/** Indexes for lists, and for the task queries of earlier applications. */
const INDEXES = [
  ...TABLES.map((table) => [table, 'in_order_of_age', 'household_id, created_at, id'] as const),
  ...TABLES.map((table) => [table, 'user_id_index', 'user_id'] as const),
  ...REFERENCES.map(
    ({ table, column }) => [table, `${column}_index`, `household_id, ${column}`] as const,
  ),
  ['tasks', 'user_id_completed_index', 'user_id, completed'],
  ['tasks', 'created_at_index', 'created_at'],
] as const;

const scopedTables = async (knex: Knex): Promise<ReadonlySet<string>> => {
  const { rows } = await knex.raw<{ rows: { table: string }[] }>(
    `SELECT table_name AS table FROM information_schema.columns
      WHERE table_schema = current_schema AND column_name = 'household_id' AND table_name = ANY (?)`,
    [[...TABLES]],
  );
  return new Set(rows.map(({ table }) => table));
};

/**
 * Adds indexes, and foreign keys among the tables and to users where both tables belong to
 * households already. An adoption calls this again for tables that it completes later. A foreign
 * key includes the household, so that no reference leads into another household.
 */
export const linkHouseholdData = async (knex: Knex): Promise<void> => {
  const scoped = await scopedTables(knex);
  for (const [table, name, columns] of INDEXES.filter(([table]) => scoped.has(table))) {
    const index = `${table}_${name}`;
    await knex.raw(`CREATE INDEX IF NOT EXISTS ?? ON ?? (${columns})`, [index, table]);
  }
  for (const table of scoped) {
    await addLateForeignKey(knex, {
      table,
      name: `${table}_user_id_fkey`,
      columns: 'user_id',
      target: 'users',
      targetColumns: 'id',
      onDelete: table === 'tasks' ? 'CASCADE' : 'SET NULL',
    });
  }
  for (const { table, column, target, targetColumn, required } of REFERENCES) {
    const scopedTarget = target === 'household_members' || scoped.has(target);
    if (!scoped.has(table) || !scopedTarget) continue;
    await addLateForeignKey(knex, {
      table,
      name: `${table}_${column}_fkey`,
      columns: `household_id, ${column}`,
      target,
      targetColumns: `household_id, ${targetColumn ?? 'id'}`,
      ...(!required && { onDelete: `SET NULL (${column})` }),
    });
  }
};
