import { setTimeout as delay } from 'node:timers/promises';
import type { SingleRunner } from '../../ports/single-runner.ts';
import type { Database, Queryable } from './connection.ts';

/** Our own kind of advisory lock: the second number says what runs under it. */
const LOCK_CLASS = 7_153_425;
const LOCK_BY_NAME = { mail: 1, projector: 2, checkpoints: 3 } as const;
const STANDBY_MS = 1_000;
/** A lock is lost with its connection: how soon that is noticed. */
const HEARTBEAT_MS = 2_000;

const HEARTBEAT_TIMEOUT_MS = 5_000;

/** A connection that died in silence answers never. */
const heartbeat = async (connection: Queryable): Promise<void> => {
  const tooLate = delay(HEARTBEAT_TIMEOUT_MS, undefined, { ref: false }).then(() => {
    throw new Error('the connection that holds the lock does not answer');
  });
  await Promise.race([connection.query({ text: 'SELECT 1' }), tooLate]);
};

const wait = (milliseconds: number, signal: AbortSignal) =>
  delay(milliseconds, undefined, { signal }).catch(() => undefined);

/** An advisory lock on a connection of its own: PostgreSQL gives it back when the process is gone. */
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

    const stand = async (): Promise<void> => {
      await database.session(async (connection) => {
        while (!stopping.signal.aborted) {
          if (await holdsLock(connection)) return runWhileConnected(connection);
          await wait(STANDBY_MS, stopping.signal);
        }
      });
    };

    const standAlways = async (): Promise<void> => {
      while (!stopping.signal.aborted) {
        // The database is away: whoever finds it again first goes on.
        await stand().catch(() => undefined);
        await wait(STANDBY_MS, stopping.signal);
      }
    };

    const standing = standAlways();
    return {
      stop: async () => {
        stopping.abort();
        await standing;
      },
    };
  };
