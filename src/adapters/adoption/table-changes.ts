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

/** A statement and the one that reverts it. */
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

/** The shared household is a constant default, which PostgreSQL stores without writing any row. */
const householdColumn = ({ table, household }: TablePlan): readonly Change[] => {
  if (household === null) return [];
  const shared = `text NOT NULL DEFAULT ${literal(DEFAULT_HOUSEHOLD_ID)}`;
  return [addColumn(table, 'household_id', household.by === 'default' ? shared : 'text')];
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

/** Adds the new columns before rows are filled; reading queries are not affected. */
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

/** Replaces the old columns by the new ones. */
export const replaceColumns = (plan: TablePlan): readonly Change[] => {
  const { table, found, conversions, setAside } = plan;
  const { dropped, renamedConstraints, renamedIndexes, noLongerRequired } = reshape(plan);
  const renamed = [
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
    ...renamed.map((name) => renameColumn(table, name, legacyColumn(plan, name))),
    ...conversions.map(({ column }) => renameColumn(table, successor(column), column)),
  ];
};
