import type { TablePlan } from '../../application/adopting/adoption-plan.ts';
import { AdoptionRefused } from '../../application/adopting/adoption-refused.ts';
import type { FoundConstraint } from '../../application/adopting/found-database.ts';
import { reshape } from '../../application/adopting/reshape.ts';
import { errorCode, type Queryable } from '../postgres/connection/connection.ts';
import { runAll, takeLongStep, takeStep } from './adoption-step.ts';
import { literal, quoted } from './sql-names.ts';
import { alter } from './table-changes.ts';

const VALIDATION = 'latchkey_is_not_null';
const CHECK_VIOLATION = '23514';

const isValid = async (connection: Queryable, index: string): Promise<boolean | undefined> => {
  const [row] = await connection.query<{ valid: boolean }>({
    text: 'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)',
    values: [quoted(index)],
  });
  return row?.valid;
};

const makeIndex = async (
  connection: Queryable,
  name: string,
  definition: string,
): Promise<void> => {
  const valid = await isValid(connection, name);
  if (valid === true) return;
  if (valid === false) await connection.query({ text: `DROP INDEX ${quoted(name)}` });
  const concurrently = definition.replace(/^CREATE( UNIQUE)? INDEX /, '$&CONCURRENTLY ');
  await connection.query({ text: concurrently });
};

/**
 * Builds an index without blocking reads and writes. One that a crash left incomplete is rebuilt.
 */
export const takeIndex = (
  connection: Queryable,
  table: string,
  name: string,
  definition: string,
): Promise<void> =>
  takeLongStep(
    connection,
    `${table}: index ${name}`,
    () => makeIndex(connection, name, definition),
    [`DROP INDEX IF EXISTS ${quoted(name)}`],
  );

/**
 * Drops validation constraints that a crash left behind: they would refuse rows during a rollback.
 */
export const dropValidations = async (connection: Queryable): Promise<void> => {
  const validations = await connection.query<{ table: string; name: string }>({
    text: `SELECT r.relname AS table, c.conname AS name FROM pg_constraint AS c
      JOIN pg_class AS r ON r.oid = c.conrelid WHERE starts_with(c.conname, $1)
      AND r.relnamespace = current_schema()::regnamespace`,
    values: [VALIDATION],
  });
  for (const { table, name } of validations) {
    await connection.query({ text: alter(table, `DROP CONSTRAINT ${quoted(name)}`) });
  }
};

/** Sets NOT NULL after a validated check constraint, so that no scan is needed under the lock. */
export const requireColumn = async (
  connection: Queryable,
  table: string,
  column: string,
): Promise<void> => {
  const check = `${VALIDATION}_${column}`.slice(0, 63);
  await takeStep(connection, `${table}: say that ${column} is required`, async () => {
    const definition = `ADD CONSTRAINT ${quoted(check)} CHECK (${quoted(column)} IS NOT NULL) NOT VALID`;
    await connection.query({ text: alter(table, definition) });
    return [alter(table, `DROP CONSTRAINT IF EXISTS ${quoted(check)}`)];
  });
  await takeLongStep(connection, `${table}: prove that ${column} is there`, async () => {
    try {
      await connection.query({ text: alter(table, `VALIDATE CONSTRAINT ${quoted(check)}`) });
    } catch (error) {
      if (errorCode(error) !== CHECK_VIOLATION) throw error;
      throw new AdoptionRefused(
        `${table} has new rows without ${column}: correct them, and run latchkey adopt again.`,
      );
    }
  });
  await takeStep(connection, `${table}: require ${column}`, async () => {
    await runAll(connection, [
      alter(table, `ALTER COLUMN ${quoted(column)} SET NOT NULL`),
      alter(table, `DROP CONSTRAINT ${quoted(check)}`),
    ]);
    return [alter(table, `ALTER COLUMN ${quoted(column)} DROP NOT NULL`)];
  });
};

const DEFERRAL = /( DEFERRABLE| INITIALLY DEFERRED| NOT DEFERRABLE)+$/;

const recreateKey = async (
  connection: Queryable,
  table: string,
  { name, kind, definition, indexDefinition }: FoundConstraint,
): Promise<void> => {
  const index = indexDefinition ?? '';
  await takeIndex(connection, table, name, index);
  await takeStep(connection, `${table}: key ${name}`, async () => {
    const words = kind === 'p' ? 'PRIMARY KEY' : 'UNIQUE';
    const deferral = DEFERRAL.exec(definition)?.[0] ?? '';
    const key = `ADD CONSTRAINT ${quoted(name)} ${words} USING INDEX ${quoted(name)}${deferral}`;
    await connection.query({ text: alter(table, key) });
    return [alter(table, `DROP CONSTRAINT IF EXISTS ${quoted(name)}`)];
  });
};

/** Recreates the keys and indexes of the old columns over the new ones, without foreign keys. */
export const recreateKeysAndIndexes = async (
  connection: Queryable,
  plan: TablePlan,
): Promise<void> => {
  const { table, conversions } = plan;
  const { recreatedKeys, recreatedIndexes } = reshape(plan);
  for (const { column } of conversions.filter(({ notNull }) => notNull)) {
    await requireColumn(connection, table, column);
  }
  for (const key of recreatedKeys) await recreateKey(connection, table, key);
  for (const { name, definition } of recreatedIndexes) {
    await takeIndex(connection, table, name, definition);
  }
};

/**
 * Adds a foreign key for new rows, and then validates the existing ones without blocking readers.
 */
export const addForeignKey = async (
  connection: Queryable,
  table: string,
  name: string,
  definition: string,
): Promise<void> => {
  const words = definition.replace(/ NOT VALID$/, '');
  await takeStep(connection, `${table}: foreign key ${name}`, async () => {
    const key = `ADD CONSTRAINT ${quoted(name)} ${words} NOT VALID`;
    await connection.query({ text: alter(table, key) });
    return [alter(table, `DROP CONSTRAINT IF EXISTS ${quoted(name)}`)];
  });
  if (words !== definition) return;
  await takeLongStep(connection, `${table}: validate ${name}`, async () => {
    await connection.query({ text: alter(table, `VALIDATE CONSTRAINT ${quoted(name)}`) });
  });
};

/** Recreates the foreign keys of the old columns over the new ones. */
/** Recreates the foreign keys of the old columns over the new ones. */
export const recreateForeignKeys = async (
  connection: Queryable,
  plan: TablePlan,
): Promise<void> => {
  for (const { name, definition, comment } of reshape(plan).recreatedForeignKeys) {
    await addForeignKey(connection, plan.table, name, definition);
    if (comment === null) continue;
    await connection.query({
      text: `COMMENT ON CONSTRAINT ${quoted(name)} ON ${quoted(plan.table)} IS ${literal(comment)}`,
    });
  }
};
