/** Enough to outlast a lucky one, few enough to forget a slow minute. */
const REMEMBERED = 20;
/** A machine that is out of breath must not teach us to wait for ever. Milliseconds. */
const MAX_WAIT = 2_000;

/**
 * Lets every refusal take as long as the dearest hash of another system took lately, so that a
 * wrong password of an account that has one looks like any other. All times in milliseconds.
 */
export const createDelayPadding = () => {
  let latest: readonly number[] = [];
  return {
    /** A refused password of an adopted account took so long to compute. */
    observe: (took: number): void => {
      latest = [...latest, took].slice(-REMEMBERED);
    },
    /** What is left to wait after a refusal that took so long to compute. */
    rest: (took: number): number => Math.min(Math.max(0, Math.max(0, ...latest) - took), MAX_WAIT),
  };
};
