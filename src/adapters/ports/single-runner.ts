/**
 * Runs `work` in one process at a time, here or elsewhere: the others stand by and take over within
 * seconds when the one that runs is gone. `signal` aborts when this process may no longer run it.
 */
export type SingleRunner = (
  name: 'mail' | 'projector' | 'checkpoints',
  work: (signal: AbortSignal) => Promise<void>,
) => Readonly<{ stop(): Promise<void> }>;
