import {
  DEFAULT_HOUSEHOLD_ID,
  legacyColumn,
  needsFilling,
  type TablePlan,
} from '../../application/adopting/adoption-plan.ts';
import type { FoundColumn, FoundConstraint } from '../../application/adopting/found-database.ts';
import { renamedTo, reshape } from '../../application/adopting/reshape.ts';
import type { Undo } from './adoption-journal.ts';
import { literal, ORDINAL, quoted, successor } from './sql-names.ts';

/** A statement and the one that takes it back. */
export type Change = Readonly<{ apply: string; undo: string }>;

export const undoOf = (changes: readonly Change[]): Undo =>
  changes.map(({ undo }) => undo).reverse();

export const alter = (table: string, what: string): string =>
  `ALTER TABLE ${quoted(table)} ${what}`;

const renameColumn = (table: string, from: string, to: string): Change => ({
  apply: alter(table, `RENAME COLUMN ${quoted(from)} TO ${quoted(to)}`),
  undo: alter(table, `RENAME COLUMN ${quoted(to)} TO ${quoted(from)}`),
});

const addColumn = (table: string, column: string, definition: string): Change => ({
  apply: alter(table, `ADD COLUMN ${quoted(column)} ${definition}`),
  undo: alter(table, `DROP COLUMN IF EXISTS ${quoted(column)}`),
});

export const restoreConstraint = (
  table: string,
  { name, definition, comment, clustered }: FoundConstraint,
): string =>
  [
    alter(table, `ADD CONSTRAINT ${quoted(name)} ${definition}`),
    ...(comment === null
      ? []
      : [`COMMENT ON CONSTRAINT ${quoted(name)} ON ${quoted(table)} IS ${literal(comment)}`]),
    ...(clustered ? [alter(table, `CLUSTER ON ${quoted(name)}`)] : []),
  ].join(';\n');

export const dropConstraint = (table: string, constraint: FoundConstraint): Change => ({
  apply: alter(table, `DROP CONSTRAINT ${quoted(constraint.name)}`),
  undo: restoreConstraint(table, constraint),
});

const requireAgain = (table: string, { name, notNullName }: FoundColumn): string =>
  notNullName === null || notNullName === `${table}_${name}_not_null`
    ? alter(table, `ALTER COLUMN ${quoted(name)} SET NOT NULL`)
    : alter(table, `ADD CONSTRAINT ${quoted(notNullName)} NOT NULL ${quoted(name)}`);

const noLongerRequire = (table: string, column: FoundColumn): Change => ({
  apply: alter(table, `ALTER COLUMN ${quoted(column.name)} DROP NOT NULL`),
  undo: requireAgain(table, column),
});

/** A household for everybody needs no row written: PostgreSQL remembers it beside the table. */
const householdColumn = ({ table, household }: TablePlan): readonly Change[] => {
  if (household === null) return [];
  const everybodys = `text NOT NULL DEFAULT ${literal(DEFAULT_HOUSEHOLD_ID)}`;
  return [addColumn(table, 'household_id', household.by === 'default' ? everybodys : 'text')];
};

const addedColumns = ({ table, added }: TablePlan): readonly Change[] =>
  added.map(({ column, to, filled }) => {
    const value = {
      timestamptz: 'now()',
      boolean: 'false',
      text: "''",
      date: 'now()',
      bigint: '0',
    };
    return addColumn(table, column, filled ? `${to} NOT NULL DEFAULT ${value[to]}` : to);
  });

/** What a table gets before its rows are gone through: nobody who reads it notices. */
export const newColumns = (plan: TablePlan): readonly Change[] => {
  const { table, conversions, setAside } = plan;
  const isUsers = table === 'users';
  return [
    ...(isUsers ? [] : setAside.map((name) => renameColumn(table, name, legacyColumn(plan, name)))),
    ...(isUsers || needsFilling(plan) ? [addColumn(table, ORDINAL, 'bigint')] : []),
    ...conversions.map(({ column, to }) => addColumn(table, successor(column), to)),
    ...householdColumn(plan),
    ...addedColumns(plan),
  ];
};

const renameConstraint = (table: string, from: string, to: string): Change => ({
  apply: alter(table, `RENAME CONSTRAINT ${quoted(from)} TO ${quoted(to)}`),
  undo: alter(table, `RENAME CONSTRAINT ${quoted(to)} TO ${quoted(from)}`),
});

const renameIndex = (from: string, to: string): Change => ({
  apply: `ALTER INDEX ${quoted(from)} RENAME TO ${quoted(to)}`,
  undo: `ALTER INDEX ${quoted(to)} RENAME TO ${quoted(from)}`,
});

/** New columns take over from the old ones, in one moment. */
export const takeOver = (plan: TablePlan): readonly Change[] => {
  const { table, found, conversions, setAside } = plan;
  const { dropped, renamedConstraints, renamedIndexes, noLongerRequired } = reshape(plan);
  const stepAside = [
    ...conversions.map(({ column }) => column),
    ...(table === 'users' ? setAside : []),
  ];
  return [
    ...dropped
      .filter(({ kind }) => kind !== 'f')
      .map((constraint) => dropConstraint(table, constraint)),
    ...found.columns
      .filter(({ name }) => noLongerRequired.includes(name))
      .map((column) => noLongerRequire(table, column)),
    ...renamedConstraints.map((one) => renameConstraint(table, ...renamedTo(one))),
    ...renamedIndexes.map((one) => renameIndex(...renamedTo(one))),
    ...stepAside.map((name) => renameColumn(table, name, legacyColumn(plan, name))),
    ...conversions.map(({ column }) => renameColumn(table, successor(column), column)),
  ];
};
