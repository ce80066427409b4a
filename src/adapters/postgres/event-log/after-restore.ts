import type { Database, Queryable } from '../connection/connection.ts';
import { LOG_LOCK_CLASS, SERVING_LOCK } from './postgres-log-lease.ts';

/**
 * Resets transaction ids. @returns rows changed by table; undefined while a server uses the
 * database
 */
export type AfterRestore = () => Promise<Readonly<Record<string, number>> | undefined>;

/**
 * Zero precedes every transaction of any cluster: the global position alone then gives the order.
 */
const RESETS: Readonly<Record<string, string>> = {
  streams: `UPDATE streams SET last_xid = '0' WHERE last_xid <> '0' RETURNING 1`,
  events: `UPDATE events SET transaction_id = '0' WHERE transaction_id <> '0' RETURNING 1`,
  revoked_tokens: `UPDATE revoked_tokens SET listed_xid = '0' WHERE listed_xid <> '0' RETURNING 1`,
  // A position in PostgreSQL's log begins with a transaction id; one in EventStoreDB's does not.
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
 * Resets the transaction ids in rows after a dump was restored into another cluster. Its new ids
 * may be lower than the stored ones: new events would then never be read, and appends would be
 * refused.
 */
export const createAfterRestore =
  (database: Database): AfterRestore =>
  () =>
    database.transaction(async (connection) => {
      if (!(await isAlone(connection))) return undefined;
      // The log may be large: every row is rewritten once.
      await connection.query({ text: 'SET LOCAL statement_timeout = 0' });
      const changed: Record<string, number> = {};
      for (const [table, text] of Object.entries(RESETS)) {
        const counted = `WITH changed AS (${text}) SELECT count(*)::integer AS count FROM changed`;
        const [row] = await connection.query<{ count: number }>({ text: counted });
        changed[table] = row?.count ?? 0;
      }
      return changed;
    });
