import { setTimeout as delay } from 'node:timers/promises';
import type { LogLocation } from '../../../application/event-log/log-copy.ts';
import type { LogLease } from '../../../application/event-log/log-lease.ts';
import type { Database, Queryable } from '../connection/connection.ts';

/** Class of the advisory locks on the event log. */
export const LOG_LOCK_CLASS = 7_153_426;
/** Servers that append hold it shared; moving the log takes it exclusively. */
export const SERVING_LOCK = 1;
/** A copy of the log holds it exclusively. */
export const COPYING_LOCK = 2;

/**
 * How long a process appends to EventStoreDB without confirming its lock. A lock is lost with its
 * connection, which the process may notice late, and nothing else would prevent its appends.
 */
export const LOG_LEASE_MS = 3_000;

const CONFIRM_EVERY_MS = 1_000;
const ANSWER_WITHIN_MS = 2_000;
const TRY_AGAIN_MS = 250;
const START_WITHIN_MS = 5_000;

const TAKE = {
  text: 'SELECT pg_try_advisory_lock_shared($1, $2) AS taken',
  values: [LOG_LOCK_CLASS, SERVING_LOCK],
};
const READ_LOCATION = { text: 'SELECT home FROM event_log' };

/**
 * Holds the log lease as an advisory lock on a connection of its own. PostgreSQL releases it when
 * the process ends.
 */
export const createPostgresLogLease = (database: Database, mode: LogLocation): LogLease => {
  const stopping = new AbortController();
  let keeping: Promise<void> | undefined;
  let confirmedAt = Number.NEGATIVE_INFINITY;
  let moved = false;

  const wait = (milliseconds: number) =>
    delay(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);

  const confirm = async (connection: Queryable): Promise<void> => {
    const askedAt = performance.now();
    const tooLate = delay(ANSWER_WITHIN_MS, undefined, { ref: false }).then(() => {
      throw new Error('the connection that holds the log lease does not answer');
    });
    const asking = connection.query<{ home: LogLocation }>(READ_LOCATION);
    asking.catch(() => undefined);
    const [row] = await Promise.race([asking, tooLate]);
    moved = row?.home !== mode;
    confirmedAt = askedAt;
  };

  const holdLease = (): Promise<void> =>
    database.session(async (connection) => {
      for (let taken = false; !taken && !stopping.signal.aborted; ) {
        const [row] = await connection.query<{ taken: boolean }>(TAKE);
        taken = row?.taken === true;
        if (!taken) await wait(TRY_AGAIN_MS);
      }
      while (!stopping.signal.aborted) {
        await confirm(connection);
        await wait(CONFIRM_EVERY_MS);
      }
    });

  const keepLease = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await holdLease().catch(() => undefined);
      await wait(TRY_AGAIN_MS);
    }
  };

  return {
    start: async () => {
      keeping = keepLease();
      for (const deadline = performance.now() + START_WITHIN_MS; performance.now() < deadline; ) {
        if (confirmedAt > 0) return true;
        await wait(TRY_AGAIN_MS / 10);
      }
      return false;
    },
    stop: async () => {
      stopping.abort();
      await keeping;
    },
    hasMoved: () => keeping !== undefined && moved,
    isHeld: () => {
      if (keeping === undefined) return true;
      // A log in PostgreSQL is also guarded by a table lock and a trigger: there the lease only
      // informs.
      return !moved && (mode === 'postgres' || performance.now() - confirmedAt < LOG_LEASE_MS);
    },
  };
};
