import type { Knex } from 'knex';
import type {
  AdministeredUser,
  UserAdministrationDirectory,
  UserSearch,
} from '../../../application/administration/user-administration-directory.ts';
import type { Database } from '../connection/connection.ts';
import { queryBuilder as knex, runQuery } from '../connection/knex-query.ts';
import { runUnprepared } from '../connection/unprepared-query.ts';
import { defaultHousehold } from '../identity/default-household-join.ts';
import { type ProfileRow, profileColumns, toProfile } from '../identity/profile-row.ts';

type UserRow = ProfileRow &
  Readonly<{ pending_email: string | null; locked_until: string | null; updated_at: string }>;

const COLUMNS = knex.raw(`${profileColumns}, u.pending_email, u.locked_until, u.updated_at`);

const toUser = (row: UserRow): AdministeredUser => ({
  ...toProfile(row),
  pendingEmail: row.pending_email,
  lockedUntil: row.locked_until,
  updatedAt: row.updated_at,
});

/** Joins `users`, or a selection of them, to their default households. */
const withDefaultHousehold = (users: Knex.QueryBuilder): Knex.QueryBuilder =>
  knex.select(COLUMNS).from(users.as('u')).joinRaw(defaultHousehold);

/** A LIKE pattern for text that begins with `prefix`, with wildcards escaped. */
const beginningWith = (prefix: string): string => `${prefix.replace(/[\\%_]/g, '\\$&')}%`;

/** Selects one page before the join, so that only its rows are joined. */
const pageOf = ({ prefix, after, limit }: UserSearch): Knex.QueryBuilder => {
  const page = knex('users')
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
  if (prefix !== undefined) {
    const identifier = beginningWith(prefix.identifier);
    const displayName = beginningWith(prefix.displayName);
    void page.whereRaw(
      `(email LIKE ? OR username LIKE ? OR pending_email LIKE ?
        OR lower(display_name) LIKE lower(?))`,
      [identifier, identifier, identifier, displayName],
    );
  }
  if (after !== undefined) {
    void page.whereRaw('(created_at, id) < (?, ?)', [after.createdAt, after.id]);
  }
  return page;
};

/** Reads users for administrators from the projected tables. */
export const createKnexUserAdministrationDirectory = (
  database: Database,
): UserAdministrationDirectory => ({
  findById: async (userId) => {
    // PostgreSQL rejects a NUL character in a text.
    if (userId.includes('\0')) return undefined;
    const query = withDefaultHousehold(knex('users').where({ id: userId }));
    const [row] = await runQuery<UserRow>(database, 'find_administered_user', query);
    return row && toUser(row);
  },

  search: async (search) => {
    const query = withDefaultHousehold(pageOf(search))
      .orderBy('u.created_at', 'desc')
      .orderBy('u.id', 'desc');
    return (await runUnprepared<UserRow>(database, query)).map(toUser);
  },
});
