import type { AdoptionOptions, AdoptionPlan, TablePlan } from './adoption-plan.ts';
import type { DeclaredColumns } from './declared-columns.ts';
import { type FoundDatabase, findColumn, findTable } from './found-database.ts';
import { ourRelations, ourUserColumns } from './our-names.ts';
import { planConversions } from './plan-conversions.ts';
import { type AdoptionProblem, findProblems } from './plan-problems.ts';
import { namedTables, planTables } from './plan-tables.ts';
import { recogniseUserColumns } from './user-columns.ts';

export type PlannedAdoption = Readonly<{
  /** Undefined if the table `users` is missing or not recognised. */
  plan: Omit<AdoptionPlan, 'owner'> | undefined;
  problems: readonly AdoptionProblem[];
}>;

/**
 * Indexes with the name of a migration's object; no query uses the name, so they can be renamed.
 */
const indexesInTheWay = ({ relations }: FoundDatabase): readonly string[] =>
  relations
    .filter(({ name, kind }) => kind === 'i' && ourRelations.includes(name))
    .map(({ name }) => name);

const refuse = (problem: string): PlannedAdoption => ({
  plan: undefined,
  problems: [{ table: 'users', problem }],
});

/** Plans the adoption of a database from its catalogue. Pure. */
export const planAdoption = (
  found: FoundDatabase,
  options: AdoptionOptions,
  declared: DeclaredColumns,
): PlannedAdoption => {
  const users = findTable(found, 'users');
  if (users === undefined) return refuse('the table users does not exist: run latchkey migrate up');
  const recognised = recogniseUserColumns(users, options.map);
  if ('problem' in recognised) return refuse(recognised.problem);
  const named = namedTables(found, options, declared);
  const conversions = planConversions(found, named, 'id', declared);
  const converted = conversions.get('users') ?? [];
  const setAside = ourUserColumns.filter(
    (name) => name !== 'id' && findColumn(users, name) !== undefined,
  );
  const usersPlan: TablePlan = {
    table: 'users',
    rows: 0,
    found: users,
    conversions: converted.filter(({ column }) => !setAside.some((name) => name === column)),
    setAside,
    added: [],
    household: null,
  };
  const inTheWay = indexesInTheWay(found);
  const { tables, withoutUser } = planTables(found, options, named, conversions, declared);
  return {
    plan: {
      users: usersPlan,
      userColumns: recognised.columns,
      tables,
      inTheWay,
      households: options.households,
    },
    problems: findProblems(found, options, named, declared, [usersPlan, ...tables], withoutUser),
  };
};
