import type { Figures, Row } from './findings.ts';
import { median, percentile } from './statistics.ts';

/** One of several things that are measured side by side. */
export type Contender = Readonly<{
  label: string;
  /** Measures for about `seconds`. */
  measure(seconds: number): Promise<Figures>;
}>;

type Plan = Readonly<{
  rounds: number;
  seconds: number;
  /** In seconds; 0 for none. */
  warmUp: number;
  progress: (line: string) => void;
}>;

/** The figures of all contenders over all rounds. */
export type Comparison = Readonly<{
  /** The median of each figure, contender by contender. */
  rows: readonly Row[];
  /**
   * Divides a contender's `figure` by another's: the median of the ratios within each round, so
   * that a temporary slowdown of the machine affects both sides.
   */
  ratio(figure: string, of: string, to: string): number;
  median(figure: string, of: string): number;
  /** The value below which the share `p` (0 to 1) of the rounds lies. */
  percentile(figure: string, of: string, p: number): number;
}>;

/** Measures the contenders in turn, A B C, A B C …, after a warm-up of each. */
export const compare = async (
  contenders: readonly Contender[],
  { rounds, seconds, warmUp, progress }: Plan,
): Promise<Comparison> => {
  const samples = new Map<string, Figures[]>(contenders.map(({ label }) => [label, []]));
  for (let round = warmUp > 0 ? 0 : 1; round <= rounds; round += 1) {
    const isWarmUp = round === 0;
    for (const { label, measure } of contenders) {
      progress(`${isWarmUp ? 'warm-up' : `round ${round} of ${rounds}`}: ${label}`);
      const figures = await measure(isWarmUp ? warmUp : seconds);
      if (!isWarmUp) samples.get(label)?.push(figures);
    }
  }
  const values = (figure: string, label: string): readonly number[] =>
    (samples.get(label) ?? []).map((figures) => figures[figure] ?? Number.NaN);
  const medianOf = (figure: string, label: string) => median(values(figure, label));
  return {
    rows: contenders.map(({ label }) => {
      const names = Object.keys(samples.get(label)?.[0] ?? {});
      return {
        label,
        figures: Object.fromEntries(names.map((name) => [name, medianOf(name, label)])),
      };
    }),
    ratio: (figure, of, to) => {
      const others = values(figure, to);
      return median(values(figure, of).map((value, i) => value / (others[i] ?? Number.NaN)));
    },
    median: medianOf,
    percentile: (figure, of, p) => percentile(values(figure, of), p),
  };
};
