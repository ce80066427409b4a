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

/** While everybody reads and writes on. One that a crash has left half made is made anew. */
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

/** What a crash has left between the saying and the proof would refuse rows that are to be given back. */
export const dropValidations = async (connection: Queryable): Promise<void> => {
  const proofs = await connection.query<{ table: string; name: string }>({
    text: `SELECT r.relname AS table, c.conname AS name FROM pg_constraint AS c
      JOIN pg_class AS r ON r.oid = c.conrelid WHERE starts_with(c.conname, $1)
      AND r.relnamespace = current_schema()::regnamespace`,
    values: [VALIDATION],
  });
  for (const { table, name } of proofs) {
    await connection.query({ text: alter(table, `DROP CONSTRAINT ${quoted(name)}`) });
  }
};

/** Has the rows looked through before the table is locked: what is proven need not be looked at again. */
export const requireColumn = async (
  connection: Queryable,
  table: string,
  column: string,
): Promise<void> => {
  const proof = `${VALIDATION}_${column}`.slice(0, 63);
  await takeStep(connection, `${table}: say that ${column} is required`, async () => {
    const check = `ADD CONSTRAINT ${quoted(proof)} CHECK (${quoted(column)} IS NOT NULL) NOT VALID`;
    await connection.query({ text: alter(table, check) });
    return [alter(table, `DROP CONSTRAINT IF EXISTS ${quoted(proof)}`)];
  });
  await takeLongStep(connection, `${table}: prove that ${column} is there`, async () => {
    try {
      await connection.query({ text: alter(table, `VALIDATE CONSTRAINT ${quoted(proof)}`) });
    } catch (error) {
      if (errorCode(error) !== CHECK_VIOLATION) throw error;
      throw new AdoptionRefused(
        `${table} has got rows meanwhile that nothing says the ${column} of: mend them, and adopt again.`,
      );
    }
  });
  await takeStep(connection, `${table}: require ${column}`, async () => {
    await runAll(connection, [
      alter(table, `ALTER COLUMN ${quoted(column)} SET NOT NULL`),
      alter(table, `DROP CONSTRAINT ${quoted(proof)}`),
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

/** Makes over the new columns what there was over the old ones, but for foreign keys. */
export const recreateKeysAndIndexes = async (
  connection: Queryable,
  plan: TablePlan,
): Promise<void> => {
  const { table, conversions } = plan;
  const { remadeKeys, remadeIndexes } = reshape(plan);
  for (const { column } of conversions.filter(({ notNull }) => notNull)) {
    await requireColumn(connection, table, column);
  }
  for (const key of remadeKeys) await recreateKey(connection, table, key);
  for (const { name, definition } of remadeIndexes) {
    await takeIndex(connection, table, name, definition);
  }
};

/** A foreign key for the rows to come, and then for those that are there: readers go on. */
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

export const recreateForeignKeys = async (
  connection: Queryable,
  plan: TablePlan,
): Promise<void> => {
  for (const { name, definition, comment } of reshape(plan).remadeForeignKeys) {
    await addForeignKey(connection, plan.table, name, definition);
    if (comment === null) continue;
    await connection.query({
      text: `COMMENT ON CONSTRAINT ${quoted(name)} ON ${quoted(plan.table)} IS ${literal(comment)}`,
    });
  }
};
