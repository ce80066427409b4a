import type { ExclusiveSection } from '../../../application/administration/exclusive-section.ts';
import type { Database } from '../connection/connection.ts';

/** Class of advisory locks; the second number identifies the section. */
const LOCK_CLASS = 7_153_424;
const LOCK_BY_SECTION = { administrators: 1 } as const;
const WAIT_MS = 10_000;

/**
 * Runs sections under an advisory lock on a connection outside the pool, since their work needs the
 * pool. Within a process one section waits at a time, so that waiting ones do not exhaust the
 * connections.
 */
export const createPostgresExclusiveSection = (database: Database): ExclusiveSection => {
  let last: Promise<unknown> = Promise.resolve();

  return (name, work) => {
    const turn = last.then(() =>
      database.session(async (connection) => {
        await connection.query({ text: `SET lock_timeout = ${WAIT_MS}` });
        await connection.query({
          text: 'SELECT pg_advisory_lock($1, $2)',
          values: [LOCK_CLASS, LOCK_BY_SECTION[name]],
        });
        return work();
      }),
    );
    last = turn.catch(() => undefined);
    return turn;
  };
};
