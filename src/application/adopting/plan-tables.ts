import type { AdoptionOptions, HouseholdSource, TablePlan } from './adoption-plan.ts';
import type { DeclaredColumns } from './declared-columns.ts';
import { type FoundDatabase, type FoundTable, findColumn } from './found-database.ts';
import { type Conversions, USER_LIKE } from './plan-conversions.ts';

/** Foreign keys of one column only: part of a composite key does not determine a household. */
const foreignKeys = ({ constraints }: FoundTable) =>
  constraints.flatMap(({ kind, columns, referencedTable, referencedColumns }) => {
    const [column] = columns;
    const [key] = referencedColumns;
    if (kind !== 'f' || columns.length !== 1 || column === undefined) return [];
    return referencedTable === null || key === undefined
      ? []
      : [{ column, table: referencedTable, key }];
  });

/** The columns that name the user of a row, the likeliest first. */
export const userColumnsOf = (table: FoundTable): readonly string[] => {
  const referring = foreignKeys(table)
    .filter((key) => key.table === 'users')
    .map(({ column }) => column);
  const named = table.columns.map(({ name }) => name).filter((name) => USER_LIKE.test(name));
  const all = [...new Set([...referring, ...named])];
  return all.includes('user_id') ? ['user_id', ...all.filter((name) => name !== 'user_id')] : all;
};

const householdOf = (
  table: FoundTable,
  named: readonly string[],
  { households }: AdoptionOptions,
): HouseholdSource | undefined => {
  if (households === 'default') return { by: 'default' };
  const users = userColumnsOf(table).map((column) => ({ column, table: 'users', key: 'id' }));
  const parents = foreignKeys(table).filter(
    (key) => key.table !== table.name && key.table !== 'users' && named.includes(key.table),
  );
  const owners = [...users, ...parents];
  return owners.length === 0 ? undefined : { by: 'owner', owners };
};

/** Orders parents before children; tables in a cycle keep their order. */
const inOrder = (tables: readonly FoundTable[]): readonly FoundTable[] => {
  const ordered: FoundTable[] = [];
  const visit = (table: FoundTable, path: readonly string[]): void => {
    if (ordered.includes(table) || path.includes(table.name)) return;
    for (const { table: name } of foreignKeys(table)) {
      const parent = tables.find((candidate) => candidate.name === name);
      if (parent !== undefined) visit(parent, [...path, table.name]);
    }
    ordered.push(table);
  };
  for (const table of tables) visit(table, []);
  return ordered;
};

/** The tables chosen by `--table` and `--all-tables`. */
export const namedTables = (
  found: FoundDatabase,
  { tables, allTables }: AdoptionOptions,
  declared: DeclaredColumns,
): readonly string[] => {
  const isData = (table: FoundTable) =>
    table.name !== 'users' && (declared.has(table.name) || userColumnsOf(table).length > 0);
  return allTables
    ? [...new Set([...tables, ...found.tables.filter(isData).map(({ name }) => name)])]
    : tables;
};

export type PlannedTables = Readonly<{
  tables: readonly TablePlan[];
  /** Tables for whose rows no household can be determined. */
  withoutUser: readonly string[];
}>;

/** Plans every table except `users`: those that were chosen, and those that refer to a new key. */
export const planTables = (
  found: FoundDatabase,
  options: AdoptionOptions,
  named: readonly string[],
  conversions: Conversions,
  declared: DeclaredColumns,
): PlannedTables => {
  const isConcerned = ({ name }: FoundTable) =>
    name !== 'users' && (named.includes(name) || conversions.has(name));
  const withoutUser: string[] = [];
  const tables = inOrder(found.tables.filter(isConcerned)).map((table): TablePlan => {
    const isNamed = named.includes(table.name);
    const household = isNamed ? householdOf(table, named, options) : null;
    if (household === undefined) withoutUser.push(table.name);
    const missing = (isNamed ? (declared.get(table.name) ?? []) : []).filter(
      ({ column }) => findColumn(table, column) === undefined,
    );
    return {
      table: table.name,
      rows: 0,
      found: table,
      conversions: conversions.get(table.name) ?? [],
      setAside: isNamed && findColumn(table, 'household_id') !== undefined ? ['household_id'] : [],
      added: missing,
      household: household ?? null,
    };
  });
  return { tables, withoutUser };
};
