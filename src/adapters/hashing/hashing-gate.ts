import { ApplicationError } from '../../application/kernel/errors.ts';

type Options = Readonly<{
  /** How many run at a time. */
  workers: number;
  /** How many may wait; 0 lets nobody wait. */
  maxQueue: number;
}>;

export type HashingGate = Readonly<{
  /**
   * Runs `work` when its turn has come, first come, first served.
   * @throws ApplicationError `server_busy` when too many wait already; `work` then never ran
   */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}>;

// A full queue of the usual size drains within about a second.
const RETRY_AFTER_SECONDS = 1;

/**
 * Keeps hashes below the size of libuv's pool of four threads, which they share with files, DNS
 * and signatures: without it a storm of sign-ins stops everything else.
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
    // The place is handed over, not freed: nobody can slip in between.
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
