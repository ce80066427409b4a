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

/** What a table is like, and what becomes of it. */
export type TableReport = Readonly<{
  table: string;
  rows: number;
  /** Whether it gets households. */
  named: boolean;
  declared: boolean;
  /** Columns that say whose a row is. */
  refersToUsersBy: readonly string[];
  /** Columns another one takes over from; the old ones stay, as legacy_…. */
  converted: readonly Readonly<{ column: string; from: string; to: string }>[];
  added: readonly string[];
  /** Where a row's household comes from; null: it gets none. */
  household: string | null;
  /** Indexes and constraints: what may be there once, may then be there once per household. */
  uniquePerHousehold: readonly string[];
  /** Columns that keep Latchkey's routes from making rows here. */
  unfillable: readonly string[];
  views: readonly string[];
  triggers: readonly string[];
  rules: boolean;
  generated: readonly string[];
  /** How long its readers may wait, once or twice. */
  estimatedLockMilliseconds: number;
}>;

export type AdoptionReport = Readonly<{
  outcome: 'dry_run' | 'adopted' | 'already_adopted' | 'refused';
  households: AdoptionOptions['households'];
  /** Of the Default household. */
  owner: string | null;
  users:
    | (Omit<UserSurvey, 'owner'> &
        Readonly<{
          idType: string;
          /** Whether an id of text takes over. */
          idConverted: boolean;
          /** Which old column says what; null: none does. */
          columns: Readonly<Record<string, string | null>>;
          /** What old columns are called from then on. */
          renamed: Readonly<Record<string, string>>;
        }>)
    | null;
  tables: readonly TableReport[];
  /** Indexes that Latchkey needs the name of, and what they are called from then on. */
  inTheWay: Readonly<Record<string, string>>;
  problems: readonly AdoptionProblem[];
}>;

const MILLISECONDS = 50;
const USERS_PER_MILLISECOND = 200;

const describeHousehold = (household: TablePlan['household']): string | null => {
  if (household === null) return null;
  switch (household.by) {
    case 'default':
      return 'the Default household';
    case 'owner':
      return `that of ${household.owners.map(({ column }) => column).join(', else of ')}`;
  }
};

/** Whoever is refused because of one of these has learned what another household has. */
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

/** Latchkey's columns are added to `users`, one of them computed: that rewrites the table once. */
export const usersLockMilliseconds = (found: number): number =>
  MILLISECONDS + Math.ceil(found / USERS_PER_MILLISECOND);
