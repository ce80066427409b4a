import os from 'node:os';

/** What the figures depend on beside the code. */
export const describeMachine = () => ({
  cores: os.availableParallelism(),
  processor: os.cpus()[0]?.model ?? 'unknown',
  memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  system: `${os.platform()} ${os.arch()} ${os.release()}`,
  node: process.version,
  /** Others at work on the machine: the figures mean little when this is high. */
  loadAtStart: Number((os.loadavg()[0] ?? 0).toFixed(2)),
});

export type Machine = ReturnType<typeof describeMachine>;
