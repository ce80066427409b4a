import type { Instant } from '../../domain/instant.ts';
import type { ImportDirectory } from './import-directory.ts';
import { createImportIndex, type ImportIndex } from './import-index.ts';
import type { ImportSource } from './import-source.ts';
import type { ImportTally } from './import-tally.ts';
import { judgeAll } from './import-verdict.ts';
import type { ImportableUser, ParseImportLine } from './parse-import-line.ts';

type Dependencies = Readonly<{ parseLine: ParseImportLine; directory: ImportDirectory }>;

/** The result of the first reading: what each line requests, and the number of the last line. */
export type CheckedImport = Readonly<{ index: ImportIndex; lastLine: number }>;

/** Number of accounts in one look-up. */
const LOOKED_UP = 500;

export type CheckImport = ReturnType<typeof createCheckImport>;

/**
 * Reads the whole file, writes nothing and records the lines that will not be imported in `tally`.
 * `onProgress` receives the bytes read.
 */
export const createCheckImport = ({ parseLine, directory }: Dependencies) => {
  const lookUp = async (users: readonly ImportableUser[], tally: ImportTally): Promise<void> => {
    for (const { user, verdict } of await judgeAll(directory, users)) {
      if (verdict !== 'new') tally.record(user.line, verdict);
    }
  };

  return async (
    source: ImportSource,
    tally: ImportTally,
    now: Instant,
    onProgress: (bytes: number) => void,
  ): Promise<CheckedImport> => {
    const index = createImportIndex();
    let batch: ImportableUser[] = [];
    let lastLine = 0;
    for await (const line of source.lines()) {
      lastLine = line.number;
      tally.read();
      const parsed = parseLine(line, now);
      const problem = 'code' in parsed ? parsed : index.add(parsed);
      if (problem !== undefined) tally.record(line.number, problem);
      else if (!('code' in parsed)) batch.push(parsed);
      if (batch.length < LOOKED_UP) continue;
      await lookUp(batch, tally);
      batch = [];
      onProgress(line.end);
    }
    await lookUp(batch, tally);
    return { index, lastLine };
  };
};
