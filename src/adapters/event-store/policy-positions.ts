import type { Position } from '../../application/kernel/event-store.ts';
import type { Queryable } from '../postgres/connection/connection.ts';

const READ_FURTHEST = {
  name: 'read_furthest_policy',
  text: `SELECT max(position COLLATE "C") AS position FROM policy_checkpoints
    WHERE log = 'eventstoredb'`,
};

const REWIND = {
  name: 'rewind_policies',
  text: `UPDATE policy_checkpoints SET position = coalesce($1, ''), updated_at = now()
    WHERE log = 'eventstoredb' AND position COLLATE "C" > coalesce($1, '')`,
};

/** How far the log in EventStoreDB was followed by the policy that is furthest. */
export const readFurthestPolicy = async (connection: Queryable): Promise<Position | undefined> => {
  const [row] = await connection.query<{ position: Position | null }>(READ_FURTHEST);
  return row?.position ?? undefined;
};

/**
 * Where an older backup took the log's place, policies would wait for what they have seen already: what
 * comes after its end is news to them.
 * @param furthest read before the log was: then it is past `end` for no other reason
 */
export const rewindPolicies = async (
  connection: Queryable,
  furthest: Position | undefined,
  end: Position | undefined,
): Promise<void> => {
  if (furthest === undefined || furthest <= (end ?? '')) return;
  await connection.query({ ...REWIND, values: [end ?? null] });
};
