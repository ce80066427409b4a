import type { Knex } from 'knex';

export const hasConstraint = async (knex: Knex, table: string, name: string): Promise<boolean> => {
  const { rows } = await knex.raw<{ rows: unknown[] }>(
    'SELECT FROM pg_constraint WHERE conrelid = to_regclass(quote_ident(?)) AND conname = ?',
    [table, name],
  );
  return rows.length > 0;
};

const forcedAmong = async (knex: Knex, tables: readonly string[]): Promise<readonly string[]> => {
  const { rows } = await knex.raw<{ rows: { table: string }[] }>(
    `SELECT relname AS table FROM pg_class
      WHERE relnamespace = current_schema::regnamespace AND relforcerowsecurity AND relname = ANY (?)`,
    [[...tables]],
  );
  return rows.map(({ table }) => table);
};

type ForeignKey = Readonly<{
  table: string;
  name: string;
  columns: string;
  target: string;
  targetColumns: string;
  /** The action on delete, such as `CASCADE`; `NO ACTION` when absent. */
  onDelete?: string;
}>;

const ADOPTION = 'latchkey_adoption';

/** Whether the referenced table still lacks its household, which an adoption will add. */
const awaitsAdoption = async (knex: Knex, { target, targetColumns }: ForeignKey) => {
  const columns = targetColumns.split(', ');
  const { rows } = await knex.raw<{ rows: unknown[] }>(
    `SELECT FROM pg_namespace WHERE nspname = ? AND (SELECT count(*) FROM pg_attribute
      WHERE attrelid = to_regclass(quote_ident(?)) AND attname = ANY (?)) < ?`,
    [ADOPTION, target, columns, columns.length],
  );
  return rows.length > 0;
};

const remember = async (knex: Knex, key: ForeignKey): Promise<void> => {
  await knex.raw('CREATE TABLE IF NOT EXISTS ??.late_keys (key jsonb NOT NULL)', [ADOPTION]);
  await knex.raw('INSERT INTO ??.late_keys VALUES (?)', [ADOPTION, JSON.stringify(key)]);
};

/** Lists the keys that wait for the adoption of the table they reference. */
export const rememberedForeignKeys = async (knex: Knex): Promise<readonly ForeignKey[]> => {
  const { rows: found } = await knex.raw<{ rows: unknown[] }>(
    'SELECT FROM pg_tables WHERE schemaname = ? AND tablename = ?',
    [ADOPTION, 'late_keys'],
  );
  if (found.length === 0) return [];
  const { rows } = await knex.raw<{ rows: { key: ForeignKey }[] }>('SELECT key FROM ??.late_keys', [
    ADOPTION,
  ]);
  return rows.map(({ key }) => key);
};

/**
 * Adds a foreign key that applies to all changes from now on, and to existing rows once they
 * comply. After a rollback they comply only after a rebuild has restored the projected rows that
 * they reference.
 */
export const addLateForeignKey = async (knex: Knex, key: ForeignKey): Promise<void> => {
  const { table, name, columns, target, targetColumns, onDelete = 'NO ACTION' } = key;
  if (await hasConstraint(knex, table, name)) return;
  if (await awaitsAdoption(knex, key)) return remember(knex, key);
  await knex.raw(
    `ALTER TABLE ?? ADD CONSTRAINT ?? FOREIGN KEY (${columns})
      REFERENCES ?? (${targetColumns}) ON DELETE ${onDelete} NOT VALID`,
    [table, name, target],
  );
  // Under a forced policy the owner would see no rows and validate none.
  const forced = await forcedAmong(knex, [table, target]);
  for (const each of forced) await knex.raw('ALTER TABLE ?? NO FORCE ROW LEVEL SECURITY', [each]);
  await knex.raw(
    `DO $$ BEGIN
      ALTER TABLE ?? VALIDATE CONSTRAINT ??;
    EXCEPTION WHEN foreign_key_violation THEN NULL;
    END $$`,
    [table, name],
  );
  for (const each of forced) await knex.raw('ALTER TABLE ?? FORCE ROW LEVEL SECURITY', [each]);
};
