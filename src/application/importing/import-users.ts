import type { Instant } from '../../domain/instant.ts';
import type { Clock } from '../kernel/clock.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { CheckedImport, CheckImport } from './check-import.ts';
import { forEachInFlight } from './for-each-in-flight.ts';
import type { ImportSource } from './import-source.ts';
import { createImportTally, type ImportReport, type ImportTally } from './import-tally.ts';
import type { ImportableUser, ParseImportLine } from './parse-import-line.ts';
import type { StoreImportedUsers } from './store-imported-users.ts';

type Dependencies = Readonly<{
  parseLine: ParseImportLine;
  checkImport: CheckImport;
  storeImportedUsers: StoreImportedUsers;
  clock: Clock;
}>;

export type ImportOptions = Readonly<{
  /** Look at everything, write nothing. */
  dryRun: boolean;
  /** Import the rest when lines have problems, which otherwise keep all of them out. */
  skipConflicts: boolean;
}>;

/** The progress of an import: in bytes while it checks the file, in accounts while it stores. */
export type ImportProgress = (phase: 'check' | 'store', done: number, total: number) => void;

/** Accounts to an append. */
const BATCH = 32;
const BATCHES_IN_FLIGHT = 4;

export type ImportUsers = ReturnType<typeof createImportUsers>;

/**
 * Takes over the accounts of a file, each with a home household. The whole file is looked through
 * first. What was imported from the same line before is left alone, so that an import can be run
 * again whenever it ended early, and twice at the same time.
 * @throws ApplicationError `concurrent_update`, `service_unavailable`; what is imported stays
 */
export const createImportUsers = ({
  parseLine,
  checkImport,
  storeImportedUsers,
  clock,
}: Dependencies) => {
  /** Reads the file once more; lines that are not what was looked at are left out. */
  async function* batchesOf(
    source: ImportSource,
    { index, lastLine }: CheckedImport,
    tally: ImportTally,
    now: Instant,
  ): AsyncGenerator<readonly ImportableUser[]> {
    let batch: ImportableUser[] = [];
    for await (const line of source.lines()) {
      if (line.number > lastLine) break;
      if (tally.isRecorded(line.number)) continue;
      const user = parseLine(line, now);
      if ('code' in user || !index.holds(user)) {
        tally.record(line.number, { line: line.number, code: 'line_changed' });
        continue;
      }
      batch.push(user);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  return async (
    source: ImportSource,
    { dryRun, skipConflicts }: ImportOptions,
    context: RequestContext,
    onProgress: ImportProgress = () => undefined,
  ): Promise<ImportReport> => {
    const now = clock.now();
    const tally = createImportTally();
    const checked = await checkImport(source, tally, now, (bytes) =>
      onProgress('check', bytes, source.bytes),
    );
    const { skipped, importable } = tally.report();
    if (dryRun || (skipped > 0 && !skipConflicts)) return tally.report();
    let done = 0;
    const batches = batchesOf(source, checked, tally, now);
    await forEachInFlight(batches, BATCHES_IN_FLIGHT, async (users) => {
      const stored = await storeImportedUsers(users, source.name, context);
      for (const { line, outcome } of stored) tally.record(line, outcome);
      done += users.length;
      onProgress('store', done, importable);
    });
    return tally.report();
  };
};
