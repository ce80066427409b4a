import { setTimeout as delay } from 'node:timers/promises';
import type { LogLocation } from '../../../application/event-log/log-copy.ts';
import type { LogLease } from '../../../application/event-log/log-lease.ts';
import type { Database, Queryable } from '../connection/connection.ts';

/** Our own kind of advisory lock: shared by all who append, exclusive for who takes the log away. */
export const LOG_LOCK_CLASS = 7_153_426;
export const SERVING_LOCK = 1;
export const COPYING_LOCK = 2;

/**
 * A lock is lost with its connection, which the process may notice late. Where nothing else keeps it
 * from appending, it stops by itself once it could not confirm the lock for so long.
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

/** An advisory lock on a connection of its own: PostgreSQL gives it back when the process is gone. */
export const createPostgresLogLease = (database: Database, mode: LogLocation): LogLease => {
  const stopping = new AbortController();
  let holding: Promise<void> | undefined;
  let confirmedAt = Number.NEGATIVE_INFINITY;
  let moved = false;

  const wait = (milliseconds: number) =>
    delay(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);

  const confirm = async (connection: Queryable): Promise<void> => {
    const askedAt = performance.now();
    const tooLate = delay(ANSWER_WITHIN_MS, undefined, { ref: false }).then(() => {
      throw new Error('the connection that holds the log does not answer');
    });
    const asking = connection.query<{ home: LogLocation }>(READ_LOCATION);
    asking.catch(() => undefined);
    const [row] = await Promise.race([asking, tooLate]);
    moved = row?.home !== mode;
    confirmedAt = askedAt;
  };

  const hold = (): Promise<void> =>
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

  const holdAlways = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await hold().catch(() => undefined);
      await wait(TRY_AGAIN_MS);
    }
  };

  return {
    start: async () => {
      holding = holdAlways();
      for (const deadline = performance.now() + START_WITHIN_MS; performance.now() < deadline; ) {
        if (confirmedAt > 0) return true;
        await wait(TRY_AGAIN_MS / 10);
      }
      return false;
    },
    stop: async () => {
      stopping.abort();
      await holding;
    },
    hasMoved: () => holding !== undefined && moved,
    isHeld: () => {
      if (holding === undefined) return true;
      // Of a log in the database, a lock and a trigger keep everybody away: there the hold only tells.
      return !moved && (mode === 'postgres' || performance.now() - confirmedAt < LOG_LEASE_MS);
    },
  };
};
