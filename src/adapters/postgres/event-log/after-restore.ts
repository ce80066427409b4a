import type { Database, Queryable } from '../connection/connection.ts';
import { LOG_LOCK_CLASS, SERVING_LOCK } from './postgres-log-lease.ts';

/** Rows changed, by table; undefined when a process is serving from this database. */
export type AfterRestore = () => Promise<Readonly<Record<string, number>> | undefined>;

/** Zero is before every transaction of any cluster: the global position alone gives the order then. */
const RESETS: Readonly<Record<string, string>> = {
  streams: `UPDATE streams SET last_xid = '0' WHERE last_xid <> '0' RETURNING 1`,
  events: `UPDATE events SET transaction_id = '0' WHERE transaction_id <> '0' RETURNING 1`,
  revoked_tokens: `UPDATE revoked_tokens SET listed_xid = '0' WHERE listed_xid <> '0' RETURNING 1`,
  // A position in this log begins with a transaction id as well; in EventStoreDB's it does not.
  policy_checkpoints: `UPDATE policy_checkpoints AS c
    SET position = repeat('0', 20) || substr(c.position, 21)
    FROM event_log AS l WHERE l.home = 'postgres' AND left(c.position, 20) <> repeat('0', 20)
    RETURNING 1`,
};

const isAlone = async (connection: Queryable): Promise<boolean> => {
  const [row] = await connection.query<{ taken: boolean }>({
    text: 'SELECT pg_try_advisory_xact_lock($1, $2) AS taken',
    values: [LOG_LOCK_CLASS, SERVING_LOCK],
  });
  return row?.taken === true;
};

/**
 * Transaction ids do not survive dump and restore into another cluster: new ones may be lower than those
 * that the rows remember, and would never be read, or never be written.
 */
export const createAfterRestore =
  (database: Database): AfterRestore =>
  () =>
    database.transaction(async (connection) => {
      if (!(await isAlone(connection))) return undefined;
      // A log of any size: each row of it is written once.
      await connection.query({ text: 'SET LOCAL statement_timeout = 0' });
      const changed: Record<string, number> = {};
      for (const [table, text] of Object.entries(RESETS)) {
        const counted = `WITH changed AS (${text}) SELECT count(*)::integer AS count FROM changed`;
        const [row] = await connection.query<{ count: number }>({ text: counted });
        changed[table] = row?.count ?? 0;
      }
      return changed;
    });
