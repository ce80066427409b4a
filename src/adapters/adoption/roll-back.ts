import type { AdoptionState } from '../../application/adopting/adoptable-database.ts';
import type { AdoptionPlan, TablePlan } from '../../application/adopting/adoption-plan.ts';
import {
  type DataLoss,
  type Discard,
  mayRollBack,
  type RollbackReport,
} from '../../application/adopting/rollback-report.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { stepsBackwards } from './adoption-journal.ts';
import { runAll } from './adoption-step.ts';
import { findDataLoss, lostRows } from './data-loss.ts';
import { dropJournal, dropSchema, newDeclaredTables } from './drop-schema.ts';
import { withoutTriggers } from './fill-table.ts';
import { clusterMarks, restoreOrder } from './physical-order.ts';
import { SCHEMA } from './prepare-users.ts';
import { reconciliation } from './reconcile.ts';
import { dropValidations } from './recreate-constraints.ts';
import { quoted } from './sql-names.ts';
import { alter } from './table-changes.ts';

const LOCK_TIMEOUT = '30s';

/** Aborts the rollback's transaction, so that the database stays adopted. */
class Refused extends Error {
  readonly losses: DataLoss;

  constructor(losses: DataLoss) {
    super('data would be lost');
    this.losses = losses;
  }
}

const nothing: DataLoss = { events: {}, users: 0, rows: {} };

const lockAll = async (connection: Queryable, tables: readonly string[]): Promise<void> => {
  await connection.query({ text: `SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'` });
  for (const table of tables) {
    await connection.query({ text: `LOCK TABLE ${quoted(table)} IN ACCESS EXCLUSIVE MODE` });
    // A forced policy would hide rows from the rollback.
    await connection.query({
      text: alter(table, 'NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY'),
    });
  }
};

const revertStep = async (
  connection: Queryable,
  plan: AdoptionPlan,
  isDone: (step: string) => boolean,
  steps: readonly Readonly<{ step: string; undo: readonly string[] }>[],
  declared: readonly string[],
): Promise<void> => {
  const isComplete = ({ table }: TablePlan) => isDone(`${table}: columns take over`);
  for (const table of plan.tables) await restoreOrder(connection, table, isComplete(table));
  const reachedSchema = isDone(SCHEMA);
  if (!reachedSchema) await restoreOrder(connection, plan.users, isComplete(plan.users));
  for (const { step, undo } of steps) {
    if (step !== SCHEMA) {
      await runAll(connection, undo);
      continue;
    }
    await runAll(connection, dropSchema(plan, declared));
    await restoreOrder(connection, plan.users, true);
  }
  for (const table of [plan.users, ...plan.tables]) await runAll(connection, clusterMarks(table));
};

/**
 * Restores the database as it was before the adoption, in one transaction. Rows that existing users
 * have written since are kept, in the old columns.
 */
export const rollBack = async (
  connection: Queryable,
  { id, plan }: AdoptionState,
  discard: Discard,
  declared: readonly string[],
): Promise<RollbackReport> => {
  const steps = await stepsBackwards(connection);
  const isDone = (step: string) => steps.some((one) => one.step === step);
  await connection.query({ text: 'BEGIN' });
  try {
    let losses = nothing;
    if (plan === null) {
      for (const { undo } of steps) await runAll(connection, undo);
    } else {
      const { users, tables } = plan;
      const made = isDone(SCHEMA) ? newDeclaredTables(plan, declared) : [];
      const existing = await connection.query<{ name: string }>({
        text: `SELECT relname AS name FROM pg_class WHERE relname = ANY ($1)
          AND relnamespace = current_schema()::regnamespace AND relkind = 'r'`,
        values: [made],
      });
      const names = [users, ...tables].map(({ table }) => table);
      await lockAll(connection, [...names, ...existing.map(({ name }) => name)]);
      await dropValidations(connection);
      if (isDone(SCHEMA)) {
        const complete = tables.filter(
          ({ table, conversions }) =>
            conversions.length === 0 || isDone(`${table}: columns take over`),
        );
        for (const table of complete) {
          await withoutTriggers(connection, table, () =>
            runAll(connection, reconciliation(table, [users, ...complete])),
          );
        }
        losses = await findDataLoss(connection, id, plan, complete, declared);
        if (!mayRollBack(losses, discard)) throw new Refused(losses);
        for (const table of [...complete].reverse()) {
          const lost = lostRows(table);
          if (losses.rows[table.table] === undefined || lost === null) continue;
          await connection.query({ text: `DELETE FROM ${lost}` });
        }
        await connection.query({ text: 'SET CONSTRAINTS ALL IMMEDIATE' });
      }
      await revertStep(connection, plan, isDone, steps, declared);
    }
    await runAll(connection, dropJournal());
    await connection.query({ text: 'COMMIT' });
    return { outcome: 'rolled_back', losses };
  } catch (error) {
    await connection.query({ text: 'ROLLBACK' });
    if (error instanceof Refused) return { outcome: 'refused', losses: error.losses };
    throw error;
  }
};
