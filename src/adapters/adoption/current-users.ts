import type { CurrentUser } from '../../application/adopting/adoptable-database.ts';
import type { Queryable } from '../postgres/connection/connection.ts';

const CURRENT = `SELECT u.id, u.email, u.username, u.display_name AS "displayName", u.role,
    u.is_active AS active, e.data #>> '{provenance,checksum}' AS checksum,
    EXISTS (SELECT FROM events AS p WHERE p.stream_id = 'user-' || u.id
      AND p.type = 'PasswordChanged') AS "passwordChanged"
  FROM users AS u LEFT JOIN events AS e ON e.stream_id = 'user-' || u.id AND e.revision = 0
  WHERE u.id = ANY ($1)`;

export const readCurrentUsers = (
  connection: Queryable,
  userIds: readonly string[],
): Promise<readonly CurrentUser[]> => connection.query({ text: CURRENT, values: [userIds] });

export const readNewUserIds = async (connection: Queryable): Promise<readonly string[]> => {
  const rows = await connection.query<{ id: string }>({
    text: 'SELECT id FROM users WHERE latchkey_ordinal IS NULL ORDER BY id',
  });
  return rows.map(({ id }) => id);
};
