import type { Findings } from '../measuring/findings.ts';
import type { Bench } from './bench.ts';

/**
 * One question about speed, answered by contenders measured side by side. A scenario that needs
 * packages of its own keeps them in a `package.json` under `bench/peers/` and imports them lazily.
 */
export type Scenario = Readonly<{
  /** For `--only`. */
  name: string;
  title: string;
  /** Explains the rows and columns to a reader who does not know the code. */
  meaning: readonly string[];
  run(bench: Bench): Promise<Findings>;
}>;
