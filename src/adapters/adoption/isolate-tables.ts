import knexPkg, { type Knex } from 'knex';
import {
  addLateForeignKey,
  rememberedForeignKeys,
} from '../../../migrations/support/late-foreign-key.ts';
import { linkHouseholdData } from '../../../migrations/support/link-household-data.ts';
import { MEMBER_ROLE } from '../../../migrations/support/member-role.ts';
import { scopeToHousehold } from '../../../migrations/support/scope-to-household.ts';
import { type Database, errorCode, type Queryable } from '../postgres/connection/connection.ts';
import { knexConfiguration } from '../postgres/connection/migrations.ts';
import { isDone, type Undo } from './adoption-journal.ts';
import { dropBackfillTriggers } from './backfill-triggers.ts';
import { sequencesOf } from './sequences.ts';
import { quoted } from './sql-names.ts';
import { alter } from './table-changes.ts';

const LOCK_TIMEOUT_MS = 400;
const MAX_ATTEMPTS = 240;
const PAUSE_MS = 250;
const LOCK_NOT_AVAILABLE = '55P03';

/** The statements that drop the constraints and indexes of some tables. */
const drops = async (knex: Knex, tables: readonly string[]): Promise<ReadonlySet<string>> => {
  const { rows } = await knex.raw<{ rows: { statement: string }[] }>(
    `SELECT format('ALTER TABLE %I DROP CONSTRAINT IF EXISTS %I', c.relname, k.conname) AS statement
       FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
       WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY (?)
         AND k.contype IN ('f', 'u')
     UNION ALL SELECT format('DROP INDEX IF EXISTS %I', i.relname)
       FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid
       JOIN pg_class AS c ON c.oid = x.indrelid
       WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY (?)
         AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.oid)
     ORDER BY 1`,
    [[...tables], [...tables]],
  );
  return new Set(rows.map(({ statement }) => statement));
};

const openUp = (table: string, sequences: readonly string[]): Undo => [
  ...sequences.map((name) => `REVOKE ALL ON SEQUENCE ${name} FROM ${MEMBER_ROLE}`),
  `DROP POLICY IF EXISTS household_isolation ON ${quoted(table)}`,
  alter(table, 'NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY'),
  `REVOKE ALL ON ${quoted(table)} FROM ${MEMBER_ROLE}`,
];

/** Runs a step and records how to revert it in one transaction; retries after a lock timeout. */
const takeKnexStep = async (
  knex: Knex,
  step: string,
  work: (transaction: Knex) => Promise<Undo>,
): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await knex.transaction(async (transaction) => {
        await transaction.raw(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
        const undo = await work(transaction);
        await transaction.raw('INSERT INTO latchkey_adoption.steps (step, undo) VALUES (?, ?)', [
          step,
          JSON.stringify(undo),
        ]);
      });
      return;
    } catch (error) {
      if (errorCode(error) !== LOCK_NOT_AVAILABLE || attempt === MAX_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
};

/**
 * Links the tables as a migration does, and then isolates them: a query without a household sees no
 * row from then on. Foreign keys come first: under a forced policy no row could be checked.
 */
export const isolateTables = async (
  { connectionString }: Pick<Database, 'connectionString'>,
  connection: Queryable,
  tables: readonly string[],
): Promise<void> => {
  const knex = knexPkg(knexConfiguration(connectionString));
  try {
    if (!(await isDone(connection, 'link household data'))) {
      await takeKnexStep(knex, 'link household data', async (transaction) => {
        const keys = await rememberedForeignKeys(transaction);
        const linked = [...tables, ...keys.map(({ table }) => table)];
        const before = await drops(transaction, linked);
        await linkHouseholdData(transaction);
        for (const key of keys) await addLateForeignKey(transaction, key);
        const after = await drops(transaction, linked);
        return [...after].filter((statement) => !before.has(statement));
      });
    }
    for (const table of tables) {
      const step = `${table}: isolation`;
      if (await isDone(connection, step)) continue;
      const sequences = (await sequencesOf(connection, table)).map(({ name }) => name);
      await takeKnexStep(knex, step, async (transaction) => {
        await transaction.raw(alter(table, 'ALTER COLUMN household_id DROP DEFAULT'));
        for (const statement of dropBackfillTriggers(table)) await transaction.raw(statement);
        await scopeToHousehold(transaction, table);
        // Old columns still draw numbers for rows that members create.
        for (const name of sequences) {
          await transaction.raw(`GRANT USAGE ON SEQUENCE ${name} TO ${MEMBER_ROLE}`);
        }
        return openUp(table, sequences);
      });
    }
  } finally {
    await knex.destroy();
  }
};
