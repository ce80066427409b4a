import type { LogLocation } from '../../../application/event-log/log-copy.ts';
import {
  type Position,
  parseStreamName,
  streamName,
} from '../../../application/kernel/event-store.ts';
import type { MailQueue } from '../../../application/mail/mail-queue.ts';
import type { Database } from '../connection/connection.ts';

const POLICY = 'mail';

type DueRow = Readonly<{
  event_id: string;
  stream_id: string;
  attempts: number;
  queued_at: string;
}>;

const ADVANCE = {
  name: 'advance_mail_policy',
  // Skips events that another process has passed and queued, or that the policy of the other store
  // handles, after the log has moved.
  text: `WITH moved AS (
      INSERT INTO policy_checkpoints AS c (policy, position, log, updated_at)
      VALUES ($1, $2, $4, now())
      ON CONFLICT (policy) DO UPDATE SET position = excluded.position, updated_at = now()
      WHERE c.log = excluded.log AND c.position < excluded.position RETURNING 1)
    INSERT INTO mail_queue (event_id, stream_id)
    SELECT m.event_id, m.stream_id
    FROM moved, jsonb_to_recordset($3::jsonb) AS m (event_id uuid, stream_id text)
    ON CONFLICT DO NOTHING`,
};

const DUE = {
  name: 'read_due_mails',
  text: `SELECT event_id, stream_id, attempts, queued_at FROM mail_queue
    WHERE next_attempt_at <= now() ORDER BY next_attempt_at, queued_at LIMIT $1`,
};

const POSTPONE = {
  name: 'postpone_mail',
  text: `UPDATE mail_queue SET attempts = attempts + 1,
    next_attempt_at = now() + make_interval(secs => $2) WHERE event_id = $1`,
};

/**
 * Queues mails in PostgreSQL. @param log the store whose log the policy follows; positions of the
 * other store are meaningless there
 */
export const createPostgresMailQueue = (
  database: Database,
  log: LogLocation = 'postgres',
): MailQueue => ({
  checkpoint: async () => {
    const [row] = await database.query<{ position: Position | null; log: LogLocation }>({
      text: `SELECT nullif(position, '') AS position, log FROM policy_checkpoints WHERE policy = $1`,
      values: [POLICY],
    });
    if (row !== undefined && row.log !== log) throw new Error('the event log has moved');
    return row?.position ?? undefined;
  },
  advance: async (position, mails) => {
    const rows = mails.map(({ eventId, stream }) => ({
      event_id: eventId,
      stream_id: streamName(stream),
    }));
    await database.query({ ...ADVANCE, values: [POLICY, position, JSON.stringify(rows), log] });
  },
  due: async (limit) => {
    const rows = await database.query<DueRow>({ ...DUE, values: [limit] });
    return rows.map((row) => ({
      eventId: row.event_id,
      stream: parseStreamName(row.stream_id),
      attempts: row.attempts,
      queuedAt: row.queued_at,
    }));
  },
  remove: async (eventId) => {
    await database.query({ text: 'DELETE FROM mail_queue WHERE event_id = $1', values: [eventId] });
  },
  countWaiting: async () => {
    const [row] = await database.query<{ waiting: number }>({
      text: 'SELECT count(*)::integer AS waiting FROM mail_queue',
    });
    return row?.waiting ?? 0;
  },
  postpone: async (eventId, seconds) => {
    await database.query({ ...POSTPONE, values: [eventId, seconds] });
  },
});
