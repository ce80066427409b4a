import {
  type AdoptionOptions,
  type AdoptionPlan,
  legacyColumn,
  needsFilling,
  type TablePlan,
} from './adoption-plan.ts';
import type { DeclaredColumns } from './declared-columns.ts';
import { type FoundDatabase, type FoundTable, findColumn } from './found-database.ts';
import { type AdoptionProblem, unfillableColumns } from './plan-problems.ts';
import { userColumnsOf } from './plan-tables.ts';
import type { UserSurvey } from './survey-users.ts';
import { userFacts } from './user-columns.ts';

/** A table and its planned changes. */
export type TableReport = Readonly<{
  table: string;
  rows: number;
  /** Whether it gets households. */
  named: boolean;
  declared: boolean;
  /** Columns that name the user of a row. */
  refersToUsersBy: readonly string[];
  /** Columns that are replaced; the old ones are kept as legacy_…. */
  converted: readonly Readonly<{ column: string; from: string; to: string }>[];
  added: readonly string[];
  /** Where a row's household comes from; null for a table without households. */
  household: string | null;
  /** Unique indexes and constraints that become unique per household. */
  uniquePerHousehold: readonly string[];
  /** Required columns that keep Latchkey's routes from creating rows. */
  unfillable: readonly string[];
  views: readonly string[];
  triggers: readonly string[];
  rules: boolean;
  generated: readonly string[];
  /** The estimated total time for which readers are locked out. */
  estimatedLockMilliseconds: number;
}>;

export type AdoptionReport = Readonly<{
  outcome: 'dry_run' | 'adopted' | 'already_adopted' | 'refused';
  households: AdoptionOptions['households'];
  /** The owner of the shared household. */
  owner: string | null;
  users:
    | (Omit<UserSurvey, 'owner'> &
        Readonly<{
          idType: string;
          /** Whether the id is replaced by one of type text. */
          idConverted: boolean;
          /** The old column for each fact; null without one. */
          columns: Readonly<Record<string, string | null>>;
          /** The new names of old columns. */
          renamed: Readonly<Record<string, string>>;
        }>)
    | null;
  tables: readonly TableReport[];
  /** Indexes whose names Latchkey needs, with their new names. */
  inTheWay: Readonly<Record<string, string>>;
  problems: readonly AdoptionProblem[];
}>;

const MILLISECONDS = 50;
const USERS_PER_MILLISECOND = 200;

const describeHousehold = (household: TablePlan['household']): string | null => {
  if (household === null) return null;
  switch (household.by) {
    case 'default':
      return 'the shared household';
    case 'owner':
      return `the household of ${household.owners.map(({ column }) => column).join(', otherwise of ')}`;
  }
};

/** Uniqueness across households: a violation would reveal another household's data. */
export const uniquePerHousehold = ({ constraints, indexes }: FoundTable): readonly string[] => [
  ...constraints
    .filter(({ kind, columns }) => kind === 'u' && columns.join() !== 'id')
    .map(({ name }) => name),
  ...indexes.filter(({ definition }) => /^CREATE UNIQUE /.test(definition)).map(({ name }) => name),
];

export const reportTable = (
  table: FoundTable,
  plan: TablePlan | undefined,
  rows: number,
  { views }: FoundDatabase,
  declared: DeclaredColumns,
): TableReport => ({
  table: table.name,
  rows,
  named: plan?.household !== null && plan !== undefined,
  declared: declared.has(table.name),
  refersToUsersBy: userColumnsOf(table),
  converted: (plan?.conversions ?? []).map(({ column, from, to }) => ({ column, from, to })),
  added: (plan?.added ?? []).map(({ column }) => column),
  household: describeHousehold(plan?.household ?? null),
  uniquePerHousehold:
    plan === undefined || plan.household === null ? [] : uniquePerHousehold(table),
  unfillable: plan === undefined ? [] : unfillableColumns(plan, declared),
  views: views.filter((view) => view.table === table.name).map(({ name }) => name),
  triggers: table.triggers.map(({ name }) => name),
  rules: table.hasRules,
  generated: table.columns.filter(({ generated }) => generated).map(({ name }) => name),
  estimatedLockMilliseconds:
    plan === undefined ? 0 : needsFilling(plan) ? 2 * MILLISECONDS : MILLISECONDS,
});

export const reportUsers = (
  { users, userColumns }: Pick<AdoptionPlan, 'users' | 'userColumns'>,
  { owner: _, ...survey }: UserSurvey,
): NonNullable<AdoptionReport['users']> => ({
  ...survey,
  idType: findColumn(users.found, userColumns.id)?.type ?? 'unknown',
  idConverted: users.conversions.length > 0,
  columns: Object.fromEntries(userFacts.map((fact) => [fact, userColumns[fact] ?? null])),
  renamed: Object.fromEntries(
    [...users.conversions.map(({ column }) => column), ...users.setAside].map((name) => [
      name,
      legacyColumn(users, name),
    ]),
  ),
});

/** Estimates the lock of `users`: adding a computed column rewrites the table once. */
export const usersLockMilliseconds = (found: number): number =>
  MILLISECONDS + Math.ceil(found / USERS_PER_MILLISECOND);
