import os from 'node:os';

/** Describes the machine, on which the figures depend besides the code. */
export const describeMachine = () => ({
  cores: os.availableParallelism(),
  processor: os.cpus()[0]?.model ?? 'unknown',
  memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  system: `${os.platform()} ${os.arch()} ${os.release()}`,
  node: process.version,
  /** The load by other processes: the figures mean little when it is high. */
  loadAtStart: Number((os.loadavg()[0] ?? 0).toFixed(2)),
});

export type Machine = ReturnType<typeof describeMachine>;
