import { projectedTable } from '../../../application/projections/projected-tables.ts';
import type { RowChange } from '../../../application/projections/row-change.ts';
import type { Queryable } from '../../postgres/connection/connection.ts';
import type { FollowedEvent } from './reading/followed-event.ts';

/** Whose stream is projected, and who is in no table any more. */
const READ_GONE = {
  name: 'read_users_gone',
  text: `SELECT i.id FROM unnest($1::text[]) AS i (id)
    JOIN streams AS s ON s.stream_id = 'user-' || i.id AND s.revision >= 0
    WHERE NOT EXISTS (SELECT FROM users AS u WHERE u.id = i.id)`,
};

/** To the successor whom the log knows already, and this table does not yet. */
const TRANSFER_OWNED = {
  name: 'transfer_households_of_erased_users',
  text: `UPDATE households AS h SET owner_id = (SELECT m.user_id FROM household_members AS m
      WHERE m.household_id = h.id AND m.user_id <> ALL ($1)
      ORDER BY array_position(ARRAY['owner', 'admin', 'member', 'viewer'], m.role::text),
        m.joined_at, m.user_id LIMIT 1)
    WHERE owner_id = ANY ($1) AND EXISTS (SELECT FROM household_members AS m
      WHERE m.household_id = h.id AND m.user_id <> ALL ($1))`,
};

const DROP_OWNED = {
  name: 'drop_households_of_erased_users',
  text: 'DELETE FROM households WHERE owner_id = ANY ($1)',
};

const erasedIn = (events: readonly FollowedEvent[]): readonly string[] =>
  events.flatMap(({ stream, event }) => (event.type === 'UserErased' ? [stream.id] : []));

const ADDING = new Set<RowChange['op']>(['insert', 'upsert']);

/** The user whom a new row cannot be without. */
const userOf = ({ table, op, where, set }: RowChange): string | undefined => {
  if (!ADDING.has(op)) return undefined;
  const column = table === 'households' ? 'owner_id' : projectedTable(table).goesWith;
  const value = column === null ? undefined : (where[column] ?? set[column]);
  return typeof value === 'string' ? value : undefined;
};

/**
 * Leaves out rows of users who are erased: a session that was opened in the same moment is in the
 * log, and in no table.
 */
export const withoutErasedUsers = async (
  connection: Queryable,
  events: readonly FollowedEvent[],
  changes: readonly RowChange[],
): Promise<readonly RowChange[]> => {
  const users = [...new Set(changes.flatMap((change) => userOf(change) ?? []))];
  if (users.length === 0) return changes;
  const erased = new Set(erasedIn(events));
  const gone = await connection.query<{ id: string }>({ ...READ_GONE, values: [users] });
  for (const { id } of gone) erased.add(id);
  return erased.size === 0
    ? changes
    : changes.filter((change) => !erased.has(userOf(change) ?? ''));
};

/**
 * What the tables say an erased user owns: handed on in the log, where the table is behind, or
 * founded in the same moment, and taken back there. Neither must keep the projector from going on.
 */
export const releaseOwnedHouseholds = async (
  connection: Queryable,
  events: readonly FollowedEvent[],
): Promise<void> => {
  const erased = erasedIn(events);
  if (erased.length === 0) return;
  await connection.query({ ...TRANSFER_OWNED, values: [erased] });
  await connection.query({ ...DROP_OWNED, values: [erased] });
};
