import type { TablePlan } from '../../application/adopting/adoption-plan.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { runAll } from './adoption-step.ts';
import { withoutTriggers } from './fill-table.ts';
import { ORDINAL, PLACE, quoted } from './sql-names.ts';
import { alter } from './table-changes.ts';

const hasOrdinal = async (connection: Queryable, table: string): Promise<boolean> => {
  const rows = await connection.query({
    text: `SELECT FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2 AND NOT attisdropped`,
    values: [quoted(table), ORDINAL],
  });
  return rows.length > 0;
};

/**
 * Restores the physical order that the rows had before the adoption; new rows come last.
 * @param complete whether every old row has its ordinal
 */
export const restoreOrder = async (
  connection: Queryable,
  plan: TablePlan,
  complete: boolean,
): Promise<void> => {
  const { table } = plan;
  if (!(await hasOrdinal(connection, table))) return;
  if (!complete) {
    // Rows without an ordinal were not moved yet.
    await withoutTriggers(connection, plan, async () => {
      await connection.query({
        text: `UPDATE ${quoted(table)} SET ${ORDINAL} = ${PLACE} WHERE ${ORDINAL} IS NULL`,
      });
    });
  }
  await runAll(connection, [
    'SET CONSTRAINTS ALL IMMEDIATE',
    `CREATE INDEX latchkey_places ON ${quoted(table)} (${ORDINAL})`,
    `CLUSTER ${quoted(table)} USING latchkey_places`,
    'DROP INDEX latchkey_places',
  ]);
};

/** Restores the application's own CLUSTER marks. */
export const clusterMarks = ({ table, found }: TablePlan): readonly string[] =>
  [...found.indexes, ...found.constraints]
    .filter(({ clustered }) => clustered)
    .map(({ name }) => alter(table, `CLUSTER ON ${quoted(name)}`));
