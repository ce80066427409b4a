import { type AdoptionOptions, isConverted, type TablePlan } from './adoption-plan.ts';
import type { DeclaredColumns } from './declared-columns.ts';
import { type FoundDatabase, type FoundTable, findColumn, findTable } from './found-database.ts';
import { ourRelations } from './our-names.ts';
import { userColumnsOf } from './plan-tables.ts';

/** Why a database cannot be adopted as it is, or not with the given options. */
export type AdoptionProblem = Readonly<{ table: string; problem: string }>;

const isUnique = ({ constraints }: FoundTable, column: string): boolean =>
  constraints.some(
    ({ kind, columns }) => (kind === 'p' || kind === 'u') && columns.join() === column,
  );

const ofUsers = (users: FoundTable): readonly string[] => {
  const id = findColumn(users, 'id');
  if (id === undefined) return ['it has no column id'];
  return [
    ...(isUnique(users, 'id') && id.notNull ? [] : ['its id must be its primary key']),
    ...(id.generated ? ['its id is computed from other columns'] : []),
  ];
};

const ofKind = ({ kind, inherits, rowSecurity }: FoundTable): readonly string[] => [
  ...(kind === 'p' ? ['it is partitioned'] : []),
  ...(kind === 'r' && inherits
    ? ['it inherits from another table, or another table inherits from it']
    : []),
  ...(rowSecurity ? ['it has its own row-level security'] : []),
];

const ofConversions = (plan: TablePlan): readonly string[] => {
  const touched = plan.found.constraints.filter(({ columns }) =>
    columns.some((column) => isConverted(plan, column)),
  );
  return [
    ...touched
      .filter(({ kind }) => kind === 'x')
      .map(({ name }) => `its exclusion constraint ${name} uses a column that becomes text`),
    ...touched
      .filter(({ heldByView }) => heldByView)
      .map(
        ({ name }) =>
          `a view depends on its constraint ${name}: drop the view, and create it again after the adoption`,
      ),
    ...plan.conversions
      .filter(({ column }) => findColumn(plan.found, column)?.generated === true)
      .map(({ column }) => `its column ${column} is computed from other columns`),
  ];
};

const ofNames = (
  found: FoundDatabase,
  { tables }: AdoptionOptions,
  named: readonly string[],
  declared: DeclaredColumns,
): readonly AdoptionProblem[] => [
  ...tables.flatMap((table) => {
    if (table === 'users') return [{ table, problem: 'users is not a data table' }];
    if (findTable(found, table) === undefined)
      return [{ table, problem: 'this table does not exist' }];
    return [];
  }),
  ...found.relations
    .filter(({ name, kind }) => kind !== 'i' && ourRelations.includes(name))
    .map(({ name: table }) => ({ table, problem: 'Latchkey needs its name: rename it first' })),
  ...found.relations
    .filter(({ name, open }) => open && !named.includes(name))
    .map(({ name: table }) => ({
      table,
      problem: 'PUBLIC has privileges on it, so requests could use it, too: revoke them first',
    })),
  ...[...declared.keys()]
    .filter((table) => findTable(found, table) !== undefined && !named.includes(table))
    .map((table) => ({
      table,
      problem: `Latchkey serves a table of this name: adopt it with --table ${table}, or rename it`,
    })),
];

/** Keys that become unique per household although a foreign key refers to them. */
const ofReferredKeys = (
  found: FoundDatabase,
  { table, household }: TablePlan,
): readonly string[] =>
  household === null
    ? []
    : found.tables
        .flatMap(({ constraints }) => constraints)
        .filter(
          ({ kind, referencedTable, referencedColumns }) =>
            kind === 'f' &&
            referencedTable === table &&
            findTable(found, table)?.constraints.some(
              (key) =>
                key.kind === 'u' &&
                key.columns.toSorted().join() === referencedColumns.toSorted().join(),
            ) === true &&
            referencedColumns.join() !== 'id',
        )
        .map(
          ({ name }) =>
            `the foreign key ${name} refers to a key that must become unique per household`,
        );

/** Finds everything that has to be corrected before the adoption. */
export const findProblems = (
  found: FoundDatabase,
  options: AdoptionOptions,
  named: readonly string[],
  declared: DeclaredColumns,
  plans: readonly TablePlan[],
  withoutUser: readonly string[],
): readonly AdoptionProblem[] => [
  ...ofNames(found, options, named, declared),
  ...plans.flatMap((plan) =>
    [
      ...(plan.table === 'users' ? ofUsers(plan.found) : []),
      ...ofKind(plan.found),
      ...ofConversions(plan),
      ...ofReferredKeys(found, plan),
    ].map((problem) => ({ table: plan.table, problem })),
  ),
  ...withoutUser.map((table) => ({
    table,
    problem:
      'no column names the user of its rows: leave it out, or adopt with --households default',
  })),
];

/** Required columns that a request cannot fill, so that it cannot create rows. */
export const unfillableColumns = (
  plan: TablePlan,
  declared: DeclaredColumns,
): readonly string[] => {
  const known = new Set([
    'id',
    'household_id',
    'user_id',
    ...(declared.get(plan.table) ?? []).map(({ column }) => column),
  ]);
  if (!declared.has(plan.table)) return [];
  return plan.found.columns
    .filter(({ notNull, hasDefault, generated }) => notNull && !hasDefault && !generated)
    .map(({ name }) => name)
    .filter((name) => !known.has(name) && !plan.conversions.some(({ column }) => column === name));
};

export const refersToUsers = (table: FoundTable): boolean => userColumnsOf(table).length > 0;
