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

/** Reads the furthest position in EventStoreDB that any policy has processed. */
export const readFurthestPolicy = async (connection: Queryable): Promise<Position | undefined> => {
  const [row] = await connection.query<{ position: Position | null }>(READ_FURTHEST);
  return row?.position ?? undefined;
};

/**
 * Moves policies back to the end of the log. After EventStoreDB was restored from an older backup
 * their positions lie beyond its end, and they would skip the events appended up to there.
 * @param furthest read before the log, so that it can exceed `end` for no other reason
 * @param end last position of the log; undefined when it is empty
 */
export const rewindPolicies = async (
  connection: Queryable,
  furthest: Position | undefined,
  end: Position | undefined,
): Promise<void> => {
  if (furthest === undefined || furthest <= (end ?? '')) return;
  await connection.query({ ...REWIND, values: [end ?? null] });
};
