import type { Instant } from '../../domain/instant.ts';

/** The time of the process. */
export type Clock = Readonly<{ now(): Instant }>;
