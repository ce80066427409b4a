import type {
  AdoptableDatabase,
  AdoptableDatabases,
  AdoptionProgress,
} from '../../application/adopting/adoptable-database.ts';
import type { AdoptionPlan } from '../../application/adopting/adoption-plan.ts';
import type { Database, Queryable } from '../postgres/connection/connection.ts';
import { migrateAdopted } from '../postgres/connection/migrations.ts';
import { beginJournal, markAdopted, readState, writePlan } from './adoption-journal.ts';
import { inTransaction, runAll, takeStep } from './adoption-step.ts';
import { prepareHouseholds } from './assign-households.ts';
import { dropBackfillTriggers } from './backfill-triggers.ts';
import { readCatalogue } from './catalogue.ts';
import { convertTable } from './convert-table.ts';
import { finish } from './finish.ts';
import { isolateTables } from './isolate-tables.ts';
import { readUserIds } from './old-users.ts';
import { prepareUsers, renameConflicts } from './prepare-users.ts';
import { recreateForeignKeys, recreateKeysAndIndexes } from './recreate-constraints.ts';
import { rollBack } from './roll-back.ts';
import { createDatabaseSurvey, hasMigrations } from './survey-database.ts';

const ADVISORY_LOCK = '7153424703';

const waitForTurn = async (connection: Queryable, onWait: () => void): Promise<void> => {
  const [lock] = await connection.query<{ taken: boolean }>({
    text: `SELECT pg_try_advisory_lock(${ADVISORY_LOCK}) AS taken`,
  });
  if (lock?.taken === true) return;
  onWait();
  await connection.query({ text: `SELECT pg_advisory_lock(${ADVISORY_LOCK})` });
};

const convertTables = async (
  connection: Queryable,
  { users, tables }: AdoptionPlan,
  onProgress: AdoptionProgress,
): Promise<void> => {
  for (const plan of tables) {
    await convertTable(connection, plan, tables, onProgress);
    await recreateKeysAndIndexes(connection, plan);
  }
  for (const plan of [users, ...tables]) await recreateForeignKeys(connection, plan);
  for (const { table } of tables.filter(({ household }) => household === null)) {
    await takeStep(connection, `${table}: no longer filled`, async () => {
      await runAll(connection, dropBackfillTriggers(table));
      return [];
    });
  }
};

const assignHouseholds = async (
  database: Database,
  connection: Queryable,
  { tables }: AdoptionPlan,
): Promise<void> => {
  for (const plan of tables) await prepareHouseholds(connection, plan);
  const named = tables.filter(({ household }) => household !== null);
  await isolateTables(
    database,
    connection,
    named.map(({ table }) => table),
  );
};

/**
 * Adoption in PostgreSQL: one session holds the lock and makes all changes.
 * @param declared the names of the declared tables
 */
export const createPostgresAdoptableDatabases = (
  database: Database,
  declared: readonly string[],
): AdoptableDatabases => {
  const open = async (connection: Queryable): Promise<AdoptableDatabase> => ({
    ...(await createDatabaseSurvey(connection)),
    state: () => readState(connection),
    isOurs: () => hasMigrations(connection),
    begin: (id, options) => inTransaction(connection, () => beginJournal(connection, id, options)),
    renameConflicts: (plan) => renameConflicts(connection, plan),
    survey: () => readCatalogue(connection),
    writePlan: (plan) => writePlan(connection, plan),
    prepareUsers: (plan, onProgress) => prepareUsers(connection, plan, onProgress),
    completeSchema: async () => {
      await migrateAdopted(database.connectionString);
    },
    userIds: () => readUserIds(connection),
    convertTables: (plan, onProgress) => convertTables(connection, plan, onProgress),
    assignHouseholds: (plan) => assignHouseholds(database, connection, plan),
    markAdopted: () => markAdopted(connection),
    rollBack: (state, discard) => rollBack(connection, state, discard, declared),
    finish: (plan) => finish(connection, plan),
  });

  return {
    readOnly: (work) =>
      database.session(async (connection) => {
        await connection.query({
          text: 'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY',
        });
        return work(await open(connection));
      }),
    withLock: (work, onWait) =>
      database.session(async (connection) => {
        await waitForTurn(connection, onWait);
        return work(await open(connection));
      }),
  };
};
