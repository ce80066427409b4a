import { setTimeout as delay } from 'node:timers/promises';
import type { SingleRunner } from '../../ports/single-runner.ts';
import type { Database, Queryable } from './connection.ts';

/** Class of advisory locks; the second number identifies the work. */
const LOCK_CLASS = 7_153_425;
const LOCK_BY_NAME = { mail: 1, projector: 2, checkpoints: 3 } as const;
const STANDBY_MS = 1_000;
/** How soon a lost connection, and with it a lost lock, is noticed. */
const HEARTBEAT_MS = 2_000;

const HEARTBEAT_TIMEOUT_MS = 5_000;

/** Fails when the connection does not answer; a broken one may never report an error. */
const heartbeat = async (connection: Queryable): Promise<void> => {
  const tooLate = delay(HEARTBEAT_TIMEOUT_MS, undefined, { ref: false }).then(() => {
    throw new Error('the connection that holds the lock does not answer');
  });
  await Promise.race([connection.query({ text: 'SELECT 1' }), tooLate]);
};

const wait = (milliseconds: number, signal: AbortSignal) =>
  delay(milliseconds, undefined, { signal }).catch(() => undefined);

/**
 * Runs work under an advisory lock on a connection of its own. PostgreSQL releases the lock when
 * the process ends.
 */
export const createPostgresSingleRunner =
  (database: Database): SingleRunner =>
  (name, work) => {
    const stopping = new AbortController();

    const holdsLock = async (connection: Queryable): Promise<boolean> => {
      const [row] = await connection.query<{ locked: boolean }>({
        text: 'SELECT pg_try_advisory_lock($1, $2) AS locked',
        values: [LOCK_CLASS, LOCK_BY_NAME[name]],
      });
      return row?.locked === true;
    };

    const runWhileConnected = async (connection: Queryable): Promise<void> => {
      const over = new AbortController();
      const signal = AbortSignal.any([stopping.signal, over.signal]);
      const watch = async () => {
        while (!signal.aborted) {
          await wait(HEARTBEAT_MS, signal);
          if (!signal.aborted) await heartbeat(connection);
        }
      };
      const running = work(signal).finally(() => over.abort());
      try {
        await watch();
      } finally {
        over.abort();
        await running;
      }
    };

    const runOnce = async (): Promise<void> => {
      await database.session(async (connection) => {
        while (!stopping.signal.aborted) {
          if (await holdsLock(connection)) return runWhileConnected(connection);
          await wait(STANDBY_MS, stopping.signal);
        }
      });
    };

    const keepRunning = async (): Promise<void> => {
      while (!stopping.signal.aborted) {
        // The database is unavailable: the first process that reconnects takes over.
        await runOnce().catch(() => undefined);
        await wait(STANDBY_MS, stopping.signal);
      }
    };

    const ended = keepRunning();
    return {
      stop: async () => {
        stopping.abort();
        await ended;
      },
    };
  };
