import type { DatabaseSurvey } from '../../application/adopting/adoptable-database.ts';
import type { TablePlan } from '../../application/adopting/adoption-plan.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { readCatalogue } from './catalogue.ts';
import { readCurrentUsers, readNewUserIds } from './current-users.ts';
import { readOldUsers } from './old-users.ts';
import { quoted } from './sql-names.ts';

const count = async (connection: Queryable, from: string): Promise<number> => {
  const [row] = await connection.query<{ count: string }>({
    text: `SELECT count(*)::text AS count FROM ${from}`,
  });
  return Number(row?.count ?? 0);
};

const rowsWithoutUser = ({ table, household }: TablePlan): string | undefined => {
  if (household === null || household.by === 'default') return undefined;
  const found = household.owners.map(({ column, table: owners, key }) => {
    const owner = `o.${quoted(key)}::text = t.${quoted(column)}::text`;
    return `NOT EXISTS (SELECT FROM ${quoted(owners)} AS o WHERE ${owner})`;
  });
  return `${quoted(table)} AS t WHERE ${found.join(' AND ')}`;
};

/** Whether migrations created this schema. */
export const hasMigrations = async (connection: Queryable): Promise<boolean> => {
  const [row] = await connection.query<{ found: boolean }>({
    text: `SELECT to_regclass(quote_ident(current_schema()) || '.latchkey_migrations') IS NOT NULL AS found`,
  });
  return row?.found === true;
};

/** Creates a survey, which reads only. */
export const createDatabaseSurvey = async (connection: Queryable): Promise<DatabaseSurvey> => ({
  found: await readCatalogue(connection),
  countRows: (table) => count(connection, quoted(table)),
  countRowsWithoutUser: async (plan) => {
    const rows = rowsWithoutUser(plan);
    return rows === undefined ? 0 : count(connection, rows);
  },
  oldUsers: (plan, adopted) => readOldUsers(connection, plan, adopted),
  currentUsers: (userIds) => readCurrentUsers(connection, userIds),
  newUserIds: () => readNewUserIds(connection),
});
