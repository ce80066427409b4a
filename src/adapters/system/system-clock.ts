import type { Clock } from '../../application/kernel/clock.ts';

/** Reads the machine's clock, to the millisecond. */
export const createSystemClock = (): Clock => ({ now: () => new Date().toISOString() });
