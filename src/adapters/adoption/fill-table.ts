import {
  type Conversion,
  type HouseholdSource,
  nameAfterwards,
  type TablePlan,
} from '../../application/adopting/adoption-plan.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { inTransaction } from './adoption-step.ts';
import { ORDINAL, PLACE, quoted, successor } from './sql-names.ts';
import { alter } from './table-changes.ts';

/** Pages of 8 KiB per transaction: some thousand rows, about a tenth of a second. */
const PAGES_AT_ONCE = 128;

export type FillProgress = (table: string, done: number, total: number) => void;

/** The expression that converts an old value. `row`: the alias of the row. */
export const converted = ({ column, to, from }: Conversion, row: string): string => {
  const old = `${row}.${quoted(column)}`;
  // Times without a zone are read as UTC, as most applications write them.
  return to === 'timestamptz' && from.includes('without time zone')
    ? `${old} AT TIME ZONE 'UTC'`
    : `${old}::${to}`;
};

/**
 * The expression of a row's household. `after`: the row's own columns are replaced, not only those
 * of its parents.
 */
export const householdOf = (
  household: HouseholdSource | null,
  parents: readonly TablePlan[],
  row: string,
  after = false,
): string | undefined => {
  if (household === null || household.by === 'default') return undefined;
  const lookups = household.owners.map(({ column, table, key }) => {
    const old = `${row}.${quoted(column)}`;
    if (table === 'users') {
      return `(SELECT u.household_id FROM users AS u WHERE u.id = ${old}::text)`;
    }
    const parent = parents.find((plan) => plan.table === table);
    const now = quoted(parent === undefined || after ? key : nameAfterwards(parent, key));
    return `(SELECT p.household_id FROM ${quoted(table)} AS p WHERE p.${now} = ${old})`;
  });
  return `coalesce(${lookups.join(', ')})`;
};

/** Fills the new columns of rows that are not filled yet. */
export const fillStatement = (
  { table, conversions, household }: TablePlan,
  parents: readonly TablePlan[],
): string => {
  const householdId = householdOf(household, parents, 't');
  const assignments = [
    `${ORDINAL} = ${PLACE}`,
    ...conversions.map((one) => `${quoted(successor(one.column))} = ${converted(one, 't')}`),
    ...(householdId === undefined ? [] : [`household_id = ${householdId}`]),
  ];
  return `UPDATE ${quoted(table)} AS t SET ${assignments.join(', ')} WHERE ${ORDINAL} IS NULL`;
};

/**
 * Runs `statement` with the table's own triggers disabled. They are enabled again in the same
 * transaction, so that a crash leaves none disabled.
 */
export const withoutTriggers = async (
  connection: Queryable,
  { table, found: { triggers } }: TablePlan,
  statement: () => Promise<void>,
): Promise<void> => {
  const active = triggers.filter(({ enabled }) => enabled === 'O' || enabled === 'A');
  for (const { name } of active) {
    await connection.query({ text: alter(table, `DISABLE TRIGGER ${quoted(name)}`) });
  }
  await statement();
  for (const { name, enabled } of active) {
    const state = enabled === 'A' ? 'ENABLE ALWAYS' : 'ENABLE';
    await connection.query({ text: alter(table, `${state} TRIGGER ${quoted(name)}`) });
  }
};

const pagesOf = async (connection: Queryable, table: string): Promise<number> => {
  const [row] = await connection.query<{ pages: string }>({
    text: `SELECT pg_relation_size($1::regclass) / current_setting('block_size')::bigint AS pages`,
    values: [quoted(table)],
  });
  return Number(row?.pages ?? 0);
};

const readFilling = async (connection: Queryable, table: string) => {
  const [row] = await connection.query<{ done: string; pages: string }>({
    text: 'SELECT done, pages FROM latchkey_adoption.fillings WHERE table_name = $1',
    values: [table],
  });
  if (row !== undefined) return { done: Number(row.done), pages: Number(row.pages) };
  const pages = await pagesOf(connection, table);
  await connection.query({
    text: 'INSERT INTO latchkey_adoption.fillings (table_name, done, pages) VALUES ($1, 0, $2)',
    values: [table, pages],
  });
  return { done: 0, pages };
};

/**
 * Fills the table page by page, in separate transactions, and resumes where it was interrupted.
 * Rows that were written meanwhile are filled at the end, and the last few once the table is
 * locked.
 */
export const fillTable = async (
  connection: Queryable,
  plan: TablePlan,
  parents: readonly TablePlan[],
  onProgress: FillProgress,
): Promise<void> => {
  const { table } = plan;
  const statement = fillStatement(plan, parents);
  const { done, pages } = await readFilling(connection, table);
  for (let from = done; from < pages; from += PAGES_AT_ONCE) {
    const to = Math.min(from + PAGES_AT_ONCE, pages);
    await inTransaction(connection, () =>
      withoutTriggers(connection, plan, async () => {
        await connection.query({
          text: `${statement} AND t.ctid >= '(${from},0)'::tid AND t.ctid < '(${to},0)'::tid`,
        });
        await connection.query({
          text: 'UPDATE latchkey_adoption.fillings SET done = $2 WHERE table_name = $1',
          values: [table, to],
        });
      }),
    );
    onProgress(table, to, pages);
  }
  await inTransaction(connection, () =>
    withoutTriggers(connection, plan, async () => {
      await connection.query({ text: statement });
    }),
  );
};
