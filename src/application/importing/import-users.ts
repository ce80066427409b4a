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

/** The options of an import. */
export type ImportOptions = Readonly<{
  /** Checks everything and writes nothing. */
  dryRun: boolean;
  /** Imports the other lines when some have problems; without it none is imported then. */
  skipConflicts: boolean;
}>;

/** Receives the progress of an import: in bytes during the check, in accounts while storing. */
export type ImportProgress = (phase: 'check' | 'store', done: number, total: number) => void;

/** Number of accounts in one append. */
const BATCH = 32;
const BATCHES_IN_FLIGHT = 4;

export type ImportUsers = ReturnType<typeof createImportUsers>;

/**
 * Imports the accounts of a file, each with a default household, after checking the whole file. A
 * line that was imported earlier is skipped, so an import can be repeated after an interruption,
 * and two can run at the same time.
 * @throws ApplicationError `concurrent_update`, `service_unavailable`; imported accounts remain
 */
export const createImportUsers = ({
  parseLine,
  checkImport,
  storeImportedUsers,
  clock,
}: Dependencies) => {
  /** Reads the file a second time and leaves out lines that have changed since the check. */
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
