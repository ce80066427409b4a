import type { Knex } from 'knex';
import { isAdopted } from './support/adopted-users.ts';
import { linkHouseholdData } from './support/link-household-data.ts';
import { dropMemberRole, ensureMemberRole } from './support/member-role.ts';
import { parkHouseholdTables } from './support/park-household-tables.ts';
import { unpark } from './support/park-table.ts';
import { scopeToHousehold } from './support/scope-to-household.ts';

/** Referencing tables precede referenced ones. */
const TABLES = ['tasks', 'transactions', 'payees', 'categories', 'accounts'] as const;

const COLUMNS: Readonly<Record<(typeof TABLES)[number], string>> = {
  accounts: `
    name text NOT NULL,
    kind text,
    currency text,
    archived_at timestamptz`,
  categories: `
    name text NOT NULL,
    kind text CHECK (kind IN ('income', 'expense')),
    parent_id text`,
  payees: `
    name text NOT NULL`,
  transactions: `
    account_id text NOT NULL,
    -- Minor units, within the range that a JSON number represents exactly.
    amount bigint NOT NULL CHECK (abs(amount) <= 9007199254740991),
    occurred_on date NOT NULL,
    category_id text,
    payee_id text,
    memo text`,
  tasks: `
    title text NOT NULL,
    description text,
    completed boolean NOT NULL DEFAULT false,
    assignee_id text`,
};

const exists = async (knex: Knex, name: string): Promise<boolean> => {
  const { rows } = await knex.raw<{ rows: { found: boolean }[] }>(
    'SELECT to_regclass(quote_ident(?)) IS NOT NULL AS found',
    [name],
  );
  return rows[0]?.found === true;
};

/** Builds an error with a code that `describeFailure` knows. */
const refuse = (table: string): Error =>
  Object.assign(
    new Error(`there is a table "${table}" that is not Latchkey's: see latchkey adopt --help`),
    { code: '42P07' },
  );

/** @returns whether the table was created; the adoption completes one that is being adopted */
const create = async (knex: Knex, table: (typeof TABLES)[number]): Promise<boolean> => {
  if (await exists(knex, table)) {
    if (await isAdopted(knex)) return false;
    throw refuse(table);
  }
  await knex.raw(
    `CREATE TABLE ?? (
      id text PRIMARY KEY,
      household_id text NOT NULL,
      -- The user who created the row.
      user_id text,
      ${COLUMNS[table]},
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL
    )`,
    [table],
  );
  return true;
};

/**
 * The data that members of a household share. The tables are no projections and cannot be rebuilt.
 */
export const up = async (knex: Knex): Promise<void> => {
  await ensureMemberRole(knex);
  const ours: string[] = (await unpark(knex, TABLES)) ? [...TABLES] : [];
  if (ours.length === 0) {
    for (const table of TABLES) if (await create(knex, table)) ours.push(table);
  }
  for (const table of ours) await scopeToHousehold(knex, table);
  await linkHouseholdData(knex);
};

export const down = async (knex: Knex): Promise<void> => {
  await parkHouseholdTables(knex, TABLES);
  await dropMemberRole(knex);
};
