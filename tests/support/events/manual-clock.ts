import type { Clock } from '../../../src/application/kernel/clock.ts';
import { plusSeconds } from '../../../src/domain/instant.ts';
import { START } from './token-family-fixtures.ts';

/** A clock that moves only when the test advances it. */
export const createManualClock = (): Clock & { advance(seconds: number): void } => {
  let now = START;
  return {
    now: () => now,
    advance: (seconds) => {
      now = plusSeconds(now, seconds);
    },
  };
};
