import { type AdoptionPlan, nameAfterwards } from '../../application/adopting/adoption-plan.ts';
import { findColumn } from '../../application/adopting/found-database.ts';
import type { OldUser } from '../../application/adopting/old-user.ts';
import { userFacts } from '../../application/adopting/user-columns.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { quoted } from './sql-names.ts';

const AT_ONCE = 1_000;
/** Members per command: each command may write a snapshot of the whole household. */
const MEMBERS_AT_ONCE = 4_000;

/**
 * Writes times as RFC 3339 in UTC, whatever the session's settings; without a zone they are read as
 * UTC.
 */
const asText = (column: string, name: string, type: string): string => {
  // A boolean from a database without a boolean type.
  if (/^is_/.test(name) && /^(smallint|integer|bigint)$/.test(type))
    return `(${column} <> 0)::text`;
  return type.startsWith('timestamp')
    ? `to_char(${column}${type.includes('with time zone') ? " AT TIME ZONE 'UTC'" : ''}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    : `${column}::text`;
};

let cursors = 0;

/** Reads the old table by a cursor, in the order of ids. */
export async function* readOldUsers(
  connection: Queryable,
  { users, userColumns }: Pick<AdoptionPlan, 'users' | 'userColumns'>,
  adopted: boolean,
): AsyncGenerator<OldUser> {
  const values = userFacts.map((fact) => {
    const old = userColumns[fact];
    if (old === undefined) return `NULL AS ${quoted(fact)}`;
    // The id reads the same before and after its conversion to text.
    const now = adopted && fact !== 'id' ? nameAfterwards(users, old) : old;
    return `${asText(quoted(now), old, findColumn(users.found, old)?.type ?? 'text')} AS ${quoted(fact)}`;
  });
  cursors += 1;
  const cursor = `old_users_${cursors}`;
  // Ordered by the old ids before and after the adoption.
  const key = quoted(adopted ? nameAfterwards(users, userColumns.id) : userColumns.id);
  const known = adopted ? 'WHERE latchkey_ordinal IS NOT NULL' : '';
  await connection.query({
    text: `DECLARE ${cursor} CURSOR WITH HOLD FOR SELECT ${values.join(', ')} FROM users ${known} ORDER BY ${key}`,
  });
  for (;;) {
    const rows = await connection.query<OldUser>({ text: `FETCH ${AT_ONCE} FROM ${cursor}` });
    yield* rows;
    if (rows.length < AT_ONCE) break;
  }
  await connection.query({ text: `CLOSE ${cursor}` });
}

/** Reads the ids of all users, in batches. */
export async function* readUserIds(connection: Queryable): AsyncGenerator<readonly string[]> {
  let last: string | undefined;
  for (;;) {
    const rows = await connection.query<{ id: string }>({
      text: `SELECT id FROM users WHERE $1::text IS NULL OR id > $1 ORDER BY id LIMIT ${MEMBERS_AT_ONCE}`,
      values: [last ?? null],
    });
    if (rows.length === 0) return;
    yield rows.map(({ id }) => id);
    last = rows.at(-1)?.id;
  }
}
