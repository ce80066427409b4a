import type { Clock } from '../../application/kernel/clock.ts';

/** The time of the machine, in milliseconds' precision. */
export const createSystemClock = (): Clock => ({ now: () => new Date().toISOString() });
