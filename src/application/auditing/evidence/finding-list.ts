import { type LogFinding, unknownTime } from './log-finding.ts';

type Found = Omit<LogFinding, 'between'>;

/** Limits the memory that a check needs, even if every event was altered. */
const MAX_KEPT = 1_000;

const continues = (last: Found | undefined, next: Found): boolean =>
  last !== undefined &&
  last.kind === next.kind &&
  last.stream === next.stream &&
  last.to !== null &&
  last.to + 1 === next.from;

export type FindingList = ReturnType<typeof createFindingList>;

/**
 * Collects findings in order; one that continues the latest of its kind without a gap extends it.
 */
export const createFindingList = () => {
  const kept: LogFinding[] = [];
  const latest = new Map<string, number>();
  const broken = new Set<string>();
  const named = new Set<string>();
  let total = 0;

  return {
    add: (found: Found): void => {
      named.add(found.stream);
      if (found.shownBy === 'chain') broken.add(found.stream);
      const at = latest.get(found.stream);
      const last = at === undefined ? undefined : kept[at];
      if (at !== undefined && last !== undefined && continues(last, found)) {
        kept[at] = { ...last, to: found.to };
        return;
      }
      total += 1;
      if (kept.length === MAX_KEPT) return;
      latest.set(found.stream, kept.length);
      kept.push({ ...found, between: unknownTime });
    },
    /**
     * Whether the chain of the stream is broken: then differing chain values are no further
     * finding.
     */
    isBroken: (stream: string): boolean => broken.has(stream),
    names: (stream: string): boolean => named.has(stream),
    kept: (): readonly LogFinding[] => kept,
    /** The number of all findings, including those that were not kept. */
    total: (): number => total,
  };
};
