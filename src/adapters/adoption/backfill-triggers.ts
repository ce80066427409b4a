import {
  legacyColumn,
  needsFilling,
  type TablePlan,
} from '../../application/adopting/adoption-plan.ts';
import { converted, householdOf } from './fill-table.ts';
import { quoted, successor } from './sql-names.ts';
import { alter, type Change } from './table-changes.ts';

// Triggers fire in the order of their names: these run after the application's own triggers.
const BACKFILL_TRIGGER = 'zz_latchkey_filler';
const UPDATE_BACKFILL_TRIGGER = 'zz_latchkey_update_filler';

const functionOf = (table: string): string =>
  `latchkey_adoption.${quoted(`fill ${table}`.slice(0, 63))}`;

const define = (table: string, schema: string, assignments: readonly string[]): string =>
  `CREATE OR REPLACE FUNCTION ${functionOf(table)}() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = ${quoted(schema)}, pg_temp AS $fill$
    BEGIN ${assignments.map((one) => `${one};`).join(' ')} RETURN NEW; END $fill$`;

const dropBackfillTrigger = (table: string, name: string): string =>
  `DROP TRIGGER IF EXISTS ${name} ON ${quoted(table)}`;

const fire = (table: string, name: string, when: string): Change => ({
  apply: `CREATE TRIGGER ${name} BEFORE ${when} EXECUTE FUNCTION ${functionOf(table)}()`,
  undo: dropBackfillTrigger(table, name),
});

/** Drops the function once no trigger calls it. */
export const dropBackfillFunction = (table: string): string =>
  `DROP FUNCTION IF EXISTS ${functionOf(table)}()`;

/** Drops the triggers that fill the new columns of rows that the application writes. */
export const dropBackfillTriggers = (table: string): readonly string[] => [
  dropBackfillTrigger(table, BACKFILL_TRIGGER),
  dropBackfillTrigger(table, UPDATE_BACKFILL_TRIGGER),
];

/** Keeps the new columns in step with the old ones until they replace them. */
export const followOldColumns = (
  plan: TablePlan,
  parents: readonly TablePlan[],
  schema: string,
): readonly Change[] => {
  const { table, conversions, household } = plan;
  if (table === 'users' || !needsFilling(plan)) return [];
  const householdId = householdOf(household, parents, 'NEW');
  const assignments = [
    ...conversions.map((one) => `NEW.${quoted(successor(one.column))} := ${converted(one, 'NEW')}`),
    ...(householdId === undefined ? [] : [`NEW.household_id := ${householdId}`]),
  ];
  const on = `ON ${quoted(table)} FOR EACH ROW`;
  return [
    { apply: define(table, schema, assignments), undo: 'SELECT' },
    fire(table, BACKFILL_TRIGGER, `INSERT ${on}`),
    // Not for the adoption's own updates, which set the ordinal of every row.
    fire(
      table,
      UPDATE_BACKFILL_TRIGGER,
      `UPDATE ${on} WHEN (OLD.latchkey_ordinal IS NOT DISTINCT FROM NEW.latchkey_ordinal)`,
    ),
  ];
};

/** Fills new columns of new rows if the application has set the old ones only, or neither. */
export const completeNewRows = (
  plan: TablePlan,
  parents: readonly TablePlan[],
  schema: string,
): readonly Change[] => {
  const { table, conversions, household } = plan;
  if (table === 'users' || !needsFilling(plan)) return [];
  const householdId = householdOf(household, parents, 'NEW', true);
  const assignments = [
    ...conversions.map((one) => {
      const now = `NEW.${quoted(one.column)}`;
      const old = { ...one, column: legacyColumn(plan, one.column) };
      return `${now} := coalesce(${now}, ${converted(old, 'NEW')})`;
    }),
    ...(householdId === undefined
      ? []
      : [`NEW.household_id := coalesce(NEW.household_id, ${householdId})`]),
  ];
  return [
    ...dropBackfillTriggers(table).map((apply) => ({ apply, undo: 'SELECT' })),
    { apply: define(table, schema, assignments), undo: 'SELECT' },
    fire(table, BACKFILL_TRIGGER, `INSERT ON ${quoted(table)} FOR EACH ROW`),
  ];
};

/** Sets NOT NULL at once, for a table that is small enough to be scanned under a lock. */
export const requireAtOnce = ({ table, conversions }: TablePlan): readonly Change[] =>
  conversions
    .filter(({ notNull }) => notNull)
    .map(({ column }) => ({
      apply: alter(table, `ALTER COLUMN ${quoted(column)} SET NOT NULL`),
      undo: alter(table, `ALTER COLUMN ${quoted(column)} DROP NOT NULL`),
    }));
