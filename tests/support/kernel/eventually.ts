import { setTimeout } from 'node:timers/promises';

const DEADLINE_MS = 10_000;
const PAUSE_MS = 10;

/** Waits until `condition` holds, or fails. Unlike `vi.waitFor` it does not advance fake timers. */
export const eventually = async (
  condition: () => boolean | Promise<boolean>,
  description: string,
): Promise<void> => {
  const deadline = process.hrtime.bigint() + BigInt(DEADLINE_MS) * 1_000_000n;
  while (!(await condition())) {
    if (process.hrtime.bigint() > deadline) throw new Error(`in vain: ${description}`);
    await setTimeout(PAUSE_MS);
  }
};
