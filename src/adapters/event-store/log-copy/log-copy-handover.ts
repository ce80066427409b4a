import { LogCopyRefused, type LogLocation } from '../../../application/event-log/log-copy.ts';
import type { Position } from '../../../application/kernel/event-store.ts';
import type { Queryable } from '../../postgres/connection/connection.ts';
import { countRows } from '../../postgres/connection/count-rows.ts';
import { fromPosition } from '../postgres/postgres-log.ts';

/**
 * Refuses appends of a server that has not noticed the move. A session variable exempts the copy.
 */
const CLOSE_EVENTS = `CREATE TRIGGER events_have_moved BEFORE INSERT ON events
  FOR EACH STATEMENT EXECUTE FUNCTION latchkey_log_has_moved()`;
const OPEN_EVENTS = 'DROP TRIGGER IF EXISTS events_have_moved ON events';

/** Streams whose last event differs from the head in `streams`. */
const DIVERGED_HEADS = `SELECT s.stream_id FROM streams AS s
    LEFT JOIN events AS e ON e.stream_id = s.stream_id AND e.revision = s.revision
    WHERE s.chain IS DISTINCT FROM e.metadata->>'chain' OR EXISTS (
      SELECT FROM events AS n WHERE n.stream_id = s.stream_id AND n.revision = s.revision + 1)
  UNION ALL
  SELECT e.stream_id FROM events AS e
    WHERE e.revision = 0 AND NOT EXISTS (
      SELECT FROM streams AS s WHERE s.stream_id = e.stream_id)
  LIMIT $1`;

// Ensures a row to lock, which also shows a policy of the old log that the log has moved.
const ADD_MAIL_CHECKPOINT = `INSERT INTO policy_checkpoints (policy, position, log, updated_at)
  VALUES ('mail', '', $1, now()) ON CONFLICT DO NOTHING`;
const LOCK_CHECKPOINTS =
  'SELECT policy, position FROM policy_checkpoints ORDER BY policy FOR UPDATE';
const SET_CHECKPOINT = `UPDATE policy_checkpoints SET position = $2, log = $3, updated_at = now()
  WHERE policy = $1`;

/** Translates a position in PostgreSQL to that of the same event in EventStoreDB. */
const TO_EVENTSTOREDB = `SELECT i.position FROM (
    SELECT stream_id, revision FROM events
    WHERE (transaction_id, global_position) <= ($1::text::xid8, $2::bigint)
    ORDER BY transaction_id DESC, global_position DESC LIMIT 1) AS e
  JOIN event_index AS i USING (stream_id, revision)`;
/** Translates a position in EventStoreDB to that of the same event in PostgreSQL. */
const TO_POSTGRES = `SELECT lpad(e.transaction_id::text, 20, '0') || '-' ||
    lpad(e.global_position::text, 20, '0') AS position
  FROM event_index AS i JOIN events AS e USING (stream_id, revision)
  WHERE i.position <= $1 ORDER BY i.position DESC LIMIT 1`;

/** The result of a copy. `stoppedMilliseconds`: how long no process could append. */
export type MovedLog = Readonly<{ events: number; copied: number; stoppedMilliseconds: number }>;

/**
 * Events that may remain once appends are blocked; copying them takes less than an append waits (10
 * s).
 */
const FEW = 50;
const SOME = 2_000;
const LOCK_WITHIN_MS = 10_000;

/** Waits for running appends and projections and blocks new ones; readers are not blocked. */
export const blockWriters = async (connection: Queryable): Promise<void> => {
  await connection.query({ text: `SET LOCAL lock_timeout = ${LOCK_WITHIN_MS}` });
  await connection.query({ text: 'LOCK TABLE streams, events IN SHARE ROW EXCLUSIVE MODE' });
};

/** Reads which store holds the log. */
export const readLogLocation = async (connection: Queryable): Promise<LogLocation> => {
  const [row] = await connection.query<{ home: LogLocation }>({
    text: 'SELECT home FROM event_log',
  });
  return row?.home ?? 'postgres';
};

/** Finds streams whose head in the tables differs from PostgreSQL's log, at most `limit`. */
export const findDivergedHeads = async (
  connection: Queryable,
  limit: number,
): Promise<readonly string[]> => {
  const rows = await connection.query<{ stream_id: string }>({
    text: DIVERGED_HEADS,
    values: [limit],
  });
  return rows.map(({ stream_id: name }) => name);
};

/**
 * Compares the event counts and the last event of every stream; the events themselves were compared
 * as they were read. @param seen number of events in EventStoreDB @throws LogCopyRefused
 */
export const requireSameLogs = async (connection: Queryable, seen: number): Promise<void> => {
  const stored = await countRows(connection, 'events');
  if (stored !== seen) {
    throw new LogCopyRefused(
      `The logs differ: PostgreSQL holds ${stored} events, the event store ${seen} of them.`,
    );
  }
  const [other] = await findDivergedHeads(connection, 1);
  if (other === undefined) return;
  throw new LogCopyRefused(
    `The log of ${other} does not end where the tables say it does: run latchkey projections verify.`,
  );
};

/**
 * Repeats `round` while servers append: each round copies the events that arrived during the
 * previous one. Ends when few remain, or when the number is moderate and no longer halves.
 * @param round returns how many events it copied
 */
export const repeatUntilFewRemain = async (round: () => Promise<number>): Promise<void> => {
  for (let last = Number.POSITIVE_INFINITY; ; ) {
    const count = await round();
    if (count < FEW || (count < SOME && count > last / 2)) return;
    last = count;
  }
};

const translate = async (
  connection: Queryable,
  position: string,
  to: LogLocation,
): Promise<string> => {
  if (position === '') return '';
  const statement =
    to === 'eventstoredb'
      ? { text: TO_EVENTSTOREDB, values: fromPosition(position as Position) }
      : { text: TO_POSTGRES, values: [position] };
  const [row] = await connection.query<{ position: string }>(statement);
  return row?.position ?? '';
};

/**
 * Records the new location, in the caller's transaction. Policies continue after the same event.
 */
export const moveLocation = async (connection: Queryable, to: LogLocation): Promise<void> => {
  const from: LogLocation = to === 'postgres' ? 'eventstoredb' : 'postgres';
  await connection.query({ text: ADD_MAIL_CHECKPOINT, values: [from] });
  const checkpoints = await connection.query<{ policy: string; position: string }>({
    text: LOCK_CHECKPOINTS,
  });
  for (const { policy, position } of checkpoints) {
    const translated = await translate(connection, position, to);
    await connection.query({ text: SET_CHECKPOINT, values: [policy, translated, to] });
  }
  await connection.query({ text: to === 'postgres' ? OPEN_EVENTS : CLOSE_EVENTS });
  await connection.query({
    text: 'UPDATE event_log SET home = $1, since = now()',
    values: [to],
  });
};
