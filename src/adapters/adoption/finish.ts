import {
  type AdoptionPlan,
  legacyColumn,
  needsFilling,
  type TablePlan,
} from '../../application/adopting/adoption-plan.ts';
import { AdoptionRefused } from '../../application/adopting/adoption-refused.ts';
import { errorCode, type Queryable } from '../postgres/connection/connection.ts';
import { runAll, withLockRetries } from './adoption-step.ts';
import { dropBackfillFunction } from './backfill-triggers.ts';
import { ORDINAL, quoted } from './sql-names.ts';
import { alter } from './table-changes.ts';

const DEPENDENT_OBJECTS = '2BP01';

const dropOld = (plan: TablePlan): readonly string[] => {
  const old = [...plan.conversions.map(({ column }) => column), ...plan.setAside].map((column) =>
    legacyColumn(plan, column),
  );
  const ordinal = plan.table === 'users' || needsFilling(plan) ? [ORDINAL] : [];
  const columns = [...old, ...ordinal].map((name) => `DROP COLUMN ${quoted(name)}`);
  return columns.length === 0 ? [] : [alter(plan.table, columns.join(', '))];
};

/** Drops everything of the adoption except its record: migrations can no longer be rolled back. */
export const finish = async (
  connection: Queryable,
  { users, tables }: AdoptionPlan,
): Promise<void> => {
  try {
    await withLockRetries(connection, () =>
      runAll(connection, [
        ...[users, ...tables].flatMap(dropOld),
        ...tables.map(({ table }) => dropBackfillFunction(table)),
        'DROP TABLE latchkey_adoption.steps',
        'DROP TABLE latchkey_adoption.fillings',
        'DROP TABLE IF EXISTS latchkey_adoption.late_keys',
        `UPDATE latchkey_adoption.state SET phase = 'finished', plan = NULL`,
      ]),
    );
  } catch (error) {
    if (errorCode(error) !== DEPENDENT_OBJECTS || !(error instanceof Error)) throw error;
    throw new AdoptionRefused(`Another object still depends on an old column: ${error.message}.`);
  }
};
