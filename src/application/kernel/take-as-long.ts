import type { Pause } from './pause.ts';

/** Longer than a look-up and an append take, unless the database is overwhelmed. */
const SLOT_MS = 100;

export type TakeAsLong = ReturnType<typeof createTakeAsLong>;

/**
 * Runs `work` and answers no sooner than a fixed while later, whether it had anything to do or not:
 * who measures must not learn whether an account exists.
 */
export const createTakeAsLong =
  (pause: Pause) =>
  async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const [result] = await Promise.allSettled([work(), pause(SLOT_MS)]);
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  };
