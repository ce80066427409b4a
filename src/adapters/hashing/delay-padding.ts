/** Enough samples to outlast a fast one, few enough to forget a slow minute. */
const SAMPLES = 20;
/** Upper bound in milliseconds, so that one slow measurement cannot inflate the delay. */
const MAX_DELAY = 2_000;

/**
 * Pads every refusal to the slowest recent hash of another system, so that a wrong password of an
 * account with such a hash looks like any other. All times are in milliseconds.
 */
export const createDelayPadding = () => {
  let latest: readonly number[] = [];
  return {
    /** Records the time to refuse a password whose hash comes from another system. */
    observe: (took: number): void => {
      latest = [...latest, took].slice(-SAMPLES);
    },
    /** Returns the delay that remains after a refusal that took `took`. */
    rest: (took: number): number => Math.min(Math.max(0, Math.max(0, ...latest) - took), MAX_DELAY),
  };
};
