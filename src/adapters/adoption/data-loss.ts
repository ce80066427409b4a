import type { AdoptionPlan, TablePlan } from '../../application/adopting/adoption-plan.ts';
import { userColumnsOf } from '../../application/adopting/plan-tables.ts';
import type { DataLoss } from '../../application/adopting/rollback-report.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { newDeclaredTables } from './drop-schema.ts';
import { unholdable } from './reconcile.ts';
import { quoted } from './sql-names.ts';

const exists = async (connection: Queryable, table: string): Promise<boolean> => {
  const [row] = await connection.query<{ found: boolean }>({
    text: `SELECT to_regclass(quote_ident(current_schema()) || '.' || quote_ident($1)) IS NOT NULL AS found`,
    values: [table],
  });
  return row?.found === true;
};

const count = async (connection: Queryable, from: string): Promise<number> => {
  const [row] = await connection.query<{ count: string }>({
    text: `SELECT count(*)::text AS count FROM ${from}`,
  });
  return Number(row?.count ?? 0);
};

const eventsSince = async (
  connection: Queryable,
  adoptionId: string,
): Promise<DataLoss['events']> => {
  if (!(await exists(connection, 'events'))) return {};
  const rows = await connection.query<{ type: string; count: string }>({
    text: `SELECT type, count(*)::text AS count FROM events
      WHERE metadata ->> 'correlationId' IS DISTINCT FROM $1 GROUP BY type ORDER BY type`,
    values: [adoptionId],
  });
  return Object.fromEntries(rows.map((row) => [row.type, Number(row.count)]));
};

/** The FROM clause of the rows that a rollback must delete; null if all rows can stay. */
export const lostRows = (plan: TablePlan): string | null => {
  const condition = unholdable(plan, userColumnsOf(plan.found));
  return condition === null ? null : `${quoted(plan.table)} AS t WHERE ${condition}`;
};

/** Finds the data that a rollback deletes. The old columns must be reconciled before. */
export const findDataLoss = async (
  connection: Queryable,
  adoptionId: string,
  plan: AdoptionPlan,
  complete: readonly TablePlan[],
  declared: readonly string[],
): Promise<DataLoss> => {
  const rows: Record<string, number> = {};
  for (const table of complete) {
    const lost = lostRows(table);
    if (lost !== null) rows[table.table] = await count(connection, lost);
  }
  for (const table of newDeclaredTables(plan, declared)) {
    if (await exists(connection, table)) rows[table] = await count(connection, quoted(table));
  }
  return {
    events: await eventsSince(connection, adoptionId),
    users: await count(connection, 'users WHERE latchkey_ordinal IS NULL'),
    rows: Object.fromEntries(Object.entries(rows).filter(([, lost]) => lost > 0)),
  };
};
