import type { Instant } from '../../domain/instant.ts';
import type { DatabaseSurvey } from './adoptable-database.ts';
import {
  type AdoptionOptions,
  type AdoptionPlan,
  legacyName,
  type TablePlan,
} from './adoption-plan.ts';
import {
  type AdoptionReport,
  reportTable,
  reportUsers,
  usersLockMilliseconds,
} from './adoption-report.ts';
import type { DeclaredColumns } from './declared-columns.ts';
import type { ReadOldUsers } from './old-user.ts';
import { planAdoption } from './plan-adoption.ts';
import { type AdoptionProblem, refersToUsers } from './plan-problems.ts';
import { surveyUsers, type UserSurvey } from './survey-users.ts';

type Dependencies = Readonly<{
  declared: DeclaredColumns;
  readOldUser: ReadOldUsers;
  schemeOf(hash: string): string | undefined;
}>;

/** `plan` is undefined if there are problems. */
export type Inspection = Readonly<{
  plan: AdoptionPlan | undefined;
  report: Omit<AdoptionReport, 'outcome'>;
}>;

const problemsOf = (
  survey: UserSurvey,
  { households, owner }: AdoptionOptions,
  rows: number,
): readonly AdoptionProblem[] => {
  const problems: string[] = [];
  if (survey.unadoptable.length > 0) {
    const { length } = survey.unadoptable;
    problems.push(
      `${length} rows have an id that is not allowed (1 to 128 visible ASCII characters, no "@")`,
    );
  }
  if (households === 'default' && survey.owner === undefined && (owner !== null || rows > 0)) {
    problems.push(
      owner === null
        ? 'no user can own the shared household'
        : 'the owner given with --owner is not a user',
    );
  }
  return problems.map((problem) => ({ table: 'users', problem }));
};

export type InspectDatabase = ReturnType<typeof createInspectDatabase>;

/** Inspects everything that an adoption depends on; changes nothing. */
export const createInspectDatabase = ({ declared, readOldUser, schemeOf }: Dependencies) => {
  const countAll = async (database: DatabaseSurvey, tables: readonly TablePlan[]) => {
    const counted: TablePlan[] = [];
    const problems: AdoptionProblem[] = [];
    for (const plan of tables) {
      const rows = await database.countRows(plan.table);
      counted.push({ ...plan, rows });
      const withoutUser = await database.countRowsWithoutUser(plan);
      if (withoutUser === 0) continue;
      const problem = `${withoutUser} rows do not name a user: give them one, or adopt with --households default`;
      problems.push({ table: plan.table, problem });
    }
    return { tables: counted, problems };
  };

  return async (
    database: DatabaseSurvey,
    options: AdoptionOptions,
    now: Instant,
  ): Promise<Inspection> => {
    const { found } = database;
    const { plan, problems } = planAdoption(found, options, declared);
    const nothing = {
      households: options.households,
      owner: null,
      users: null,
      tables: [],
      inTheWay: {},
    };
    if (plan === undefined) return { plan, report: { ...nothing, problems } };
    const { survey } = await surveyUsers(
      database.oldUsers(plan, false),
      readOldUser,
      schemeOf,
      now,
      options.owner,
    );
    const counted = await countAll(database, plan.tables);
    const rows = counted.tables.reduce(
      (sum, table) => sum + (table.household === null ? 0 : table.rows),
      0,
    );
    const all = [...problems, ...problemsOf(survey, options, rows), ...counted.problems];
    const concerned = found.tables.filter(
      (table) =>
        table.name !== 'users' &&
        (refersToUsers(table) || plan.tables.some(({ table: name }) => name === table.name)),
    );
    const tables = [];
    for (const table of concerned) {
      const own = counted.tables.find((one) => one.table === table.name);
      const held = own?.rows ?? (await database.countRows(table.name));
      tables.push(reportTable(table, own, held, found, declared));
    }
    const users = { ...plan.users, rows: survey.found };
    const usersReport = {
      ...reportTable(users.found, users, survey.found, found, declared),
      estimatedLockMilliseconds: usersLockMilliseconds(survey.found),
    };
    const owner = survey.owner ?? '';
    return {
      plan: all.length > 0 ? undefined : { ...plan, users, tables: counted.tables, owner },
      report: {
        households: options.households,
        owner: options.households === 'default' && owner !== '' ? owner : null,
        users: reportUsers(plan, survey),
        tables: [usersReport, ...tables],
        inTheWay: Object.fromEntries(plan.inTheWay.map((name) => [name, legacyName(name)])),
        problems: all,
      },
    };
  };
};
