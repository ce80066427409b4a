import type { ImportProblem } from './import-problem.ts';

/** The result of an import, in numbers of lines. */
export type ImportReport = Readonly<{
  /** Number of lines that are not empty. */
  lines: number;
  imported: number;
  /** Imported earlier from the same lines. */
  unchanged: number;
  /** Number of lines with a problem. */
  skipped: number;
  /** Importable but not imported: on a dry run, or because other lines have problems. */
  importable: number;
  /** The first 10,000 problems, sorted by line. */
  problems: readonly ImportProblem[];
}>;

export type ImportTally = ReturnType<typeof createImportTally>;

// Bounds the memory for a file with a problem in every line.
const MAX_PROBLEMS = 10_000;

/** Creates a tally of the outcome of each line. */
export const createImportTally = () => {
  const recorded = new Set<number>();
  const problems: ImportProblem[] = [];
  const counts = { lines: 0, imported: 0, unchanged: 0, skipped: 0 };
  return {
    read: (): void => {
      counts.lines += 1;
    },
    /** Records the final outcome of a line. */
    record: (line: number, outcome: 'imported' | 'unchanged' | ImportProblem): void => {
      recorded.add(line);
      if (typeof outcome === 'string') {
        counts[outcome] += 1;
        return;
      }
      counts.skipped += 1;
      if (problems.length < MAX_PROBLEMS) problems.push(outcome);
    },
    isRecorded: (line: number): boolean => recorded.has(line),
    report: (): ImportReport => ({
      ...counts,
      importable: counts.lines - counts.imported - counts.unchanged - counts.skipped,
      problems: problems.toSorted((a, b) => a.line - b.line),
    }),
  };
};
