import type { Bench } from './bench.ts';
import type { Row } from './figures.ts';

/** A figure held against the performance budget. */
export type Budget = Readonly<{
  what: string;
  value: number;
  rule: 'at least' | 'at most';
  bound: number;
  unit: string;
}>;

export type Findings = Readonly<{
  rows: readonly Row[];
  budgets: readonly Budget[];
  notes?: readonly string[];
}>;

/**
 * One question about speed, answered by contenders measured side by side. A scenario that needs
 * packages of its own keeps them in a `package.json` under `bench/peers/` and imports them lazily.
 */
export type Scenario = Readonly<{
  /** For `--only`. */
  name: string;
  title: string;
  /** What the rows and the columns are, for a reader who has not seen the code. */
  meaning: readonly string[];
  run(bench: Bench): Promise<Findings>;
}>;

export const atLeast = (what: string, value: number, bound: number, unit = ''): Budget => ({
  what,
  value,
  rule: 'at least',
  bound,
  unit,
});

export const atMost = (what: string, value: number, bound: number, unit = ''): Budget => ({
  what,
  value,
  rule: 'at most',
  bound,
  unit,
});

export const isMet = ({ value, rule, bound }: Budget): boolean =>
  rule === 'at least' ? value >= bound : value <= bound;
