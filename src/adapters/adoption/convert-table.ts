import { needsFilling, type TablePlan } from '../../application/adopting/adoption-plan.ts';
import { reshape } from '../../application/adopting/reshape.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { isDone, type Undo } from './adoption-journal.ts';
import { runAll, takeStep } from './adoption-step.ts';
import { completeNewRows, followOldColumns, requireAtOnce } from './backfill-triggers.ts';
import { type FillProgress, fillStatement, fillTable, withoutTriggers } from './fill-table.ts';
import { type Sequence, sequencesOf } from './sequences.ts';
import { literal, ORDINAL, quoted } from './sql-names.ts';
import {
  alter,
  type Change,
  dropConstraint,
  newColumns,
  replaceColumns,
  undoOf,
} from './table-changes.ts';

const applyAll = async (connection: Queryable, changes: readonly Change[]): Promise<Undo> => {
  await runAll(
    connection,
    changes.map(({ apply }) => apply),
  );
  return undoOf(changes);
};

/** Resets a sequence on rollback, unless new rows stay: their numbers must not be issued again. */
const wind = (table: string, { name, lastValue, isCalled }: Sequence): string =>
  `SELECT setval(${literal(name)}, ${lastValue}, ${isCalled})
    WHERE NOT EXISTS (SELECT FROM ${quoted(table)} WHERE ${ORDINAL} IS NULL)`;

const disabledTriggers = ({ table, found: { triggers } }: TablePlan): readonly Change[] =>
  triggers
    .filter(({ enabled }) => enabled !== 'D')
    .map(({ name, enabled }) => {
      const state = { O: 'ENABLE', A: 'ENABLE ALWAYS', R: 'ENABLE REPLICA', D: 'DISABLE' }[enabled];
      return {
        apply: alter(table, `DISABLE TRIGGER ${quoted(name)}`),
        undo: alter(table, `${state} TRIGGER ${quoted(name)}`),
      };
    });

/** Drops the foreign keys to replace first: the keys that they refer to depend on them. */
export const dropForeignKeys = (
  connection: Queryable,
  plans: readonly TablePlan[],
): Promise<void> =>
  takeStep(connection, 'drop foreign keys', () =>
    applyAll(
      connection,
      plans.flatMap((plan) =>
        reshape(plan).recreatedForeignKeys.map((one) => dropConstraint(plan.table, one)),
      ),
    ),
  );

const schemaOf = async (connection: Queryable): Promise<string> => {
  const [row] = await connection.query<{ schema: string }>({
    text: 'SELECT current_schema() AS schema',
  });
  return row?.schema ?? 'public';
};

/** Adds the new columns, and the triggers that keep them filled. */
/** Adds the new columns, and the triggers that keep them filled. */
export const addColumns = (
  connection: Queryable,
  plan: TablePlan,
  parents: readonly TablePlan[],
): Promise<void> =>
  takeStep(connection, `${plan.table}: new columns`, async () =>
    applyAll(connection, [
      ...newColumns(plan),
      ...followOldColumns(plan, parents, await schemaOf(connection)),
    ]),
  );

/**
 * Adds new columns, fills them while the table stays in use, and swaps them in one short
 * transaction.
 */
export const convertTable = async (
  connection: Queryable,
  plan: TablePlan,
  parents: readonly TablePlan[],
  onProgress: FillProgress,
): Promise<void> => {
  const { table } = plan;
  const isUsers = table === 'users';
  await addColumns(connection, plan, parents);
  if (!isUsers && !needsFilling(plan)) return;
  const step = `${table}: columns take over`;
  if (await isDone(connection, step)) return;
  await fillTable(connection, plan, parents, onProgress);
  await takeStep(connection, step, async () => {
    await connection.query({ text: `LOCK TABLE ${quoted(table)} IN ACCESS EXCLUSIVE MODE` });
    await withoutTriggers(connection, plan, async () => {
      await connection.query({ text: fillStatement(plan, parents) });
    });
    const sequences = await sequencesOf(connection, table);
    const undo = await applyAll(connection, [
      ...(isUsers ? disabledTriggers(plan) : []),
      ...replaceColumns(plan),
      ...(isUsers ? requireAtOnce(plan) : []),
      ...completeNewRows(plan, parents, await schemaOf(connection)),
    ]);
    return [...undo, ...sequences.map((sequence) => wind(table, sequence))];
  });
};
