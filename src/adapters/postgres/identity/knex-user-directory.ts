import type { UserDirectory } from '../../../application/identity/user-directory.ts';
import type { Database } from '../connection/connection.ts';
import { queryBuilder as knex, runQuery } from '../connection/knex-query.ts';
import { defaultHousehold } from './default-household-join.ts';
import { type ProfileRow, profileColumns, toProfile } from './profile-row.ts';

/** Reads profiles from the projected tables. */
export const createKnexUserDirectory = (database: Database): UserDirectory => ({
  findProfile: async (userId) => {
    const query = knex('users as u')
      .select(knex.raw(profileColumns))
      .joinRaw(defaultHousehold)
      .where('u.id', userId);
    const [row] = await runQuery<ProfileRow>(database, 'find_profile', query);
    return row && toProfile(row);
  },

  isEmpty: async () => {
    const rows = await runQuery(database, 'find_any_user', knex('users').select('id').limit(1));
    return rows.length === 0;
  },
});
