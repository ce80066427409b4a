import type { Clock } from '../../application/ports/clock.ts';

/** The time of the machine, in milliseconds' precision. */
export const createSystemClock = (): Clock => ({ now: () => new Date().toISOString() });
