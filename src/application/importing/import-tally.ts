import type { ImportProblem } from './import-problem.ts';

export type ImportReport = Readonly<{
  /** Lines that are not empty. */
  lines: number;
  imported: number;
  /** Imported before, from the same lines. */
  unchanged: number;
  /** Lines with a problem. */
  skipped: number;
  /** Could be imported, and were not: on a dry run, or because others have problems. */
  importable: number;
  /** Problems by line; the first 10,000. */
  problems: readonly ImportProblem[];
}>;

export type ImportTally = ReturnType<typeof createImportTally>;

// A file of which every line is wrong is not to fill the memory.
const MAX_PROBLEMS = 10_000;

/** Counts what becomes of each line. */
export const createImportTally = () => {
  const recorded = new Set<number>();
  const problems: ImportProblem[] = [];
  const counts = { lines: 0, imported: 0, unchanged: 0, skipped: 0 };
  return {
    read: (): void => {
      counts.lines += 1;
    },
    /** What is not to be looked at again. */
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
