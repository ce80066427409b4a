import type {
  HouseholdDirectory,
  HouseholdSummary,
  MemberSummary,
} from '../../../application/households/household-directory.ts';
import type { Database } from '../connection/connection.ts';
import { queryBuilder as knex, runQuery } from '../connection/knex-query.ts';

type HouseholdRow = Readonly<{
  id: string;
  name: string;
  role: HouseholdSummary['role'];
  member_count: number;
  created_at: string;
}>;

type MemberRow = Readonly<{
  user_id: string;
  display_name: string | null;
  username: string | null;
  role: MemberSummary['role'];
  joined_at: string;
}>;

const COUNT = `(SELECT count(*)::integer FROM household_members AS o
  WHERE o.household_id = h.id) AS member_count`;

const toSummary = ({ member_count, created_at, ...row }: HouseholdRow): HouseholdSummary => ({
  ...row,
  memberCount: member_count,
  createdAt: created_at,
});

const membershipsOf = (userId: string) =>
  knex('household_members as m')
    .join('households as h', 'h.id', 'm.household_id')
    .where('m.user_id', userId)
    .select('h.id', 'h.name', 'm.role', 'h.created_at', knex.raw(COUNT));

/** Reads households and their members from the projected tables. */
export const createKnexHouseholdDirectory = (database: Database): HouseholdDirectory => ({
  listOf: async (userId) => {
    const query = membershipsOf(userId).orderBy('m.joined_at').orderBy('h.id');
    return (await runQuery<HouseholdRow>(database, 'list_households', query)).map(toSummary);
  },

  find: async (householdId, userId) => {
    const query = membershipsOf(userId).andWhere('h.id', householdId);
    const [row] = await runQuery<HouseholdRow>(database, 'find_household', query);
    return row && toSummary(row);
  },

  listMembers: async (householdId, { after, limit }) => {
    const query = knex('household_members as m')
      .join('users as u', 'u.id', 'm.user_id')
      .where('m.household_id', householdId)
      .select('m.user_id', 'u.display_name', 'u.username', 'm.role', 'm.joined_at')
      .orderBy('m.joined_at')
      .orderBy('m.user_id')
      .limit(limit);
    if (after !== undefined) {
      query.whereRaw('(m.joined_at, m.user_id) > (?, ?)', [after.joinedAt, after.userId]);
    }
    const name = after === undefined ? 'list_members' : 'list_members_after';
    const rows = await runQuery<MemberRow>(database, name, query);
    return rows.map((row) => ({
      userId: row.user_id,
      displayName: row.display_name,
      username: row.username,
      role: row.role,
      joinedAt: row.joined_at,
    }));
  },

  defaultOf: async (userId, except) => {
    const [row] = await database.query<{ household_id: string }>({
      name: 'find_default_household',
      text: `SELECT m.household_id FROM household_members AS m JOIN users AS u ON u.id = m.user_id
        WHERE m.user_id = $1 AND m.household_id <> $2
        ORDER BY (m.household_id IS NOT DISTINCT FROM u.household_id) DESC, m.joined_at,
          m.household_id LIMIT 1`,
      values: [userId, except],
    });
    return row?.household_id ?? null;
  },
});
