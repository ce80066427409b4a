type Step = () => Promise<unknown> | unknown;

export type Cleanup = Readonly<{
  /** Adds a step that runs at the end, the latest first. */
  add(step: Step): void;
  run(): Promise<void>;
}>;

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Creates a list of clean-up steps, which also run when the benchmark is interrupted. */
export const createCleanup = (): Cleanup => {
  const steps: Step[] = [];
  const run = async (): Promise<void> => {
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      await Promise.resolve()
        .then(step)
        .catch((error: unknown) => console.error('bench: clean-up failed:', error));
    }
  };
  for (const [signal, exitCode] of Object.entries(SIGNALS)) {
    process.once(signal, () => void run().finally(() => process.exit(exitCode)));
  }
  return { add: (step) => void steps.push(step), run };
};
