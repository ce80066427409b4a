/**
 * Runs `work` in one process at a time. The other processes stand by and take over within seconds
 * when the running one ends. `signal` aborts when this process may no longer run the work.
 */
export type SingleRunner = (
  name: 'mail' | 'projector' | 'checkpoints',
  work: (signal: AbortSignal) => Promise<void>,
) => Readonly<{ stop(): Promise<void> }>;
