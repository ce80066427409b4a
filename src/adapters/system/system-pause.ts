import { setTimeout as delay } from 'node:timers/promises';
import type { Pause } from '../../application/kernel/pause.ts';

/** Pauses by a timer. */
export const createSystemPause = (): Pause => (milliseconds) => delay(milliseconds);
