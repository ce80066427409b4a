import { ApplicationError } from '../../application/kernel/errors.ts';

type Options = Readonly<{
  /** Number of hashes that run at a time. */
  workers: number;
  /** Number of hashes that may wait; with 0 none waits. */
  maxQueue: number;
}>;

/** Limits how many hashes run and wait at a time. */
export type HashingGate = Readonly<{
  /**
   * Runs `work` in order of arrival.
   * @throws ApplicationError `server_busy` when the queue is full; `work` is not run then
   */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}>;

// A full queue of the usual size drains within about a second.
const RETRY_AFTER_SECONDS = 1;

/**
 * Keeps hashes below the four threads of libuv's pool, which they share with files, DNS and
 * signatures. Without it, a storm of sign-ins would block all of those.
 * @throws RangeError unless `workers` is at least 1 and `maxQueue` at least 0
 */
export const createHashingGate = ({ workers, maxQueue }: Options): HashingGate => {
  if (!(Number.isInteger(workers) && workers >= 1)) throw new RangeError('workers: 1 or more');
  if (!(Number.isInteger(maxQueue) && maxQueue >= 0)) throw new RangeError('maxQueue: 0 or more');

  const waiting: (() => void)[] = [];
  let running = 0;

  const enter = async (): Promise<void> => {
    if (running < workers) {
      running += 1;
      return;
    }
    if (waiting.length >= maxQueue) {
      throw new ApplicationError('server_busy', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  };

  const leave = (): void => {
    const next = waiting.shift();
    // The slot passes to the next in the queue, so that no later caller can take it.
    if (next) next();
    else running -= 1;
  };

  return {
    run: async (work) => {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
};
