import { setTimeout as delay } from 'node:timers/promises';
import type { Pause } from '../../application/ports/pause.ts';

export const createSystemPause = (): Pause => (milliseconds) => delay(milliseconds);
