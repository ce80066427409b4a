import type { Pause } from './pause.ts';

/**
 * The minimum time of a response: longer than a look-up and an append take, unless the database is
 * overloaded.
 */
const MINIMUM_MS = 100;

export type RespondInConstantTime = ReturnType<typeof createRespondInConstantTime>;

/**
 * Runs `work` and answers after a fixed minimum time, so that the response time does not reveal
 * whether an account exists.
 */
export const createRespondInConstantTime =
  (pause: Pause) =>
  async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const [result] = await Promise.allSettled([work(), pause(MINIMUM_MS)]);
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  };
