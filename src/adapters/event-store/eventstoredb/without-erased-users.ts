import { projectedTable } from '../../../application/projections/projected-tables.ts';
import type { RowChange } from '../../../application/projections/row-change.ts';
import type { Queryable } from '../../postgres/connection/connection.ts';
import type { FollowedEvent } from './reading/followed-event.ts';

/** Users whose stream is projected and whose row is gone. */
const READ_GONE = {
  name: 'read_users_gone',
  text: `SELECT i.id FROM unnest($1::text[]) AS i (id)
    JOIN streams AS s ON s.stream_id = 'user-' || i.id AND s.revision >= 0
    WHERE NOT EXISTS (SELECT FROM users AS u WHERE u.id = i.id)`,
};

/** Transfers to the successor that the log names already and the table does not show yet. */
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

/** The user that a new row references. */
const userOf = ({ table, op, where, set }: RowChange): string | undefined => {
  if (!ADDING.has(op)) return undefined;
  const column = table === 'households' ? 'owner_id' : projectedTable(table).deletedWith;
  const value = column === null ? undefined : (where[column] ?? set[column]);
  return typeof value === 'string' ? value : undefined;
};

/**
 * Leaves out rows that reference erased users: a session opened during the erasure is in the log,
 * but in no table.
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
 * Transfers or deletes households that an erased user still owns in the tables: the transfer is in
 * the log but not projected yet, or the household was created during the erasure and is deleted in
 * the log. Otherwise their foreign keys would stop the projector.
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
