import { errorCode, type Queryable } from '../postgres/connection/connection.ts';
import { isDone, recordStep, type Undo } from './adoption-journal.ts';

/** How long a change of a table may wait for those who use it: they wait behind it meanwhile. */
const LOCK_TIMEOUT_MS = 400;
const PAUSE_MS = 250;
const MAX_ATTEMPTS = 240;

const LOCK_NOT_AVAILABLE = '55P03';

const isLockTimeout = (error: unknown): boolean =>
  errorCode(error) === LOCK_NOT_AVAILABLE ||
  (error instanceof Error && errorCode(error.cause) === LOCK_NOT_AVAILABLE);

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/** BEGIN to COMMIT on a connection that is ours alone. */
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

/** Lets readers pass rather than make them queue: tried again when a lock is not to be had at once. */
export const patiently = async <Result>(
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

/** Does a step once, however often it is begun, and writes down how to take it back. */
export const takeStep = async (
  connection: Queryable,
  step: string,
  work: () => Promise<Undo>,
): Promise<void> => {
  if (await isDone(connection, step)) return;
  await patiently(connection, async () => {
    await recordStep(connection, step, await work());
  });
};

/** The same for what no transaction can hold; `work` must bear to be done twice. */
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
