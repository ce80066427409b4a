import { errorCode, type Queryable } from '../postgres/connection/connection.ts';
import { isDone, recordStep, type Undo } from './adoption-journal.ts';

/** How long a change of a table may wait for its lock: other queries queue behind it meanwhile. */
const LOCK_TIMEOUT_MS = 400;
const PAUSE_MS = 250;
const MAX_ATTEMPTS = 240;

const LOCK_NOT_AVAILABLE = '55P03';

const isLockTimeout = (error: unknown): boolean =>
  errorCode(error) === LOCK_NOT_AVAILABLE ||
  (error instanceof Error && errorCode(error.cause) === LOCK_NOT_AVAILABLE);

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/** Runs `work` in a transaction on a connection that is not shared. */
export const inTransaction = async <Result>(
  connection: Queryable,
  work: () => Promise<Result>,
): Promise<Result> => {
  await connection.query({ text: 'BEGIN' });
  try {
    const result = await work();
    await connection.query({ text: 'COMMIT' });
    return result;
  } catch (error) {
    await connection.query({ text: 'ROLLBACK' }).catch(() => undefined);
    throw error;
  }
};

/**
 * Runs `work` in a transaction, and retries after a lock timeout, so that other queries never queue
 * for long.
 */
export const withLockRetries = async <Result>(
  connection: Queryable,
  work: () => Promise<Result>,
): Promise<Result> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(connection, async () => {
        await connection.query({ text: `SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}` });
        return work();
      });
    } catch (error) {
      if (!isLockTimeout(error) || attempt === MAX_ATTEMPTS) throw error;
      await pause();
    }
  }
};

/** Runs a step once, even if the adoption is resumed, and records how to revert it. */
export const takeStep = async (
  connection: Queryable,
  step: string,
  work: () => Promise<Undo>,
): Promise<void> => {
  if (await isDone(connection, step)) return;
  await withLockRetries(connection, async () => {
    await recordStep(connection, step, await work());
  });
};

/** The same for a step that cannot run in a transaction; `work` must be repeatable. */
export const takeLongStep = async (
  connection: Queryable,
  step: string,
  work: () => Promise<void>,
  undo: Undo = [],
): Promise<void> => {
  if (await isDone(connection, step)) return;
  await work();
  await recordStep(connection, step, undo);
};

/** Runs statements one by one. */
export const runAll = async (
  connection: Queryable,
  statements: readonly string[],
): Promise<void> => {
  for (const text of statements) await connection.query({ text });
};
