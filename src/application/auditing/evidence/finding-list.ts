import { type LogFinding, untold } from './log-finding.ts';

type Found = Omit<LogFinding, 'between'>;

/** Whoever altered everything shall not fill the memory of whoever looks. */
const MAX_KEPT = 1_000;

const continues = (last: Found | undefined, next: Found): boolean =>
  last !== undefined &&
  last.kind === next.kind &&
  last.stream === next.stream &&
  last.to !== null &&
  last.to + 1 === next.from;

export type FindingList = ReturnType<typeof createFindingList>;

/** Findings in the order in which they come; what follows one of its kind without a gap prolongs it. */
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
      kept.push({ ...found, between: untold });
    },
    /** Whether the chain of the stream is broken somewhere: then other chain values are no news. */
    isBroken: (stream: string): boolean => broken.has(stream),
    names: (stream: string): boolean => named.has(stream),
    kept: (): readonly LogFinding[] => kept,
    /** All of them, also those that were not kept. */
    total: (): number => total,
  };
};
