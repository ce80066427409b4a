import type { DoubleLog } from './double-log.ts';
import {
  isSystemRecord,
  type StoredRecord,
  ticksNow,
  toLogRecord,
  toStoredRecord,
} from './stored-record.ts';

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : 1);

const byStream = (records: readonly StoredRecord[]): Iterable<StoredRecord[]> => {
  const streams = new Map<string, StoredRecord[]>();
  for (const record of records) {
    const group = streams.get(record.stream) ?? [];
    group.push(record);
    streams.set(record.stream, group);
  }
  return streams.values();
};

const forged = () => ({ contentType: 'application/json', created: ticksNow() });

/** Assigns each stream's remaining revisions to its records, in their new order. */
const reassignRevisions = (records: readonly StoredRecord[]): void => {
  for (const group of byStream(records)) {
    const revisions = group.map(({ revision }) => revision).sort(ascending);
    for (const [index, record] of group.entries())
      record.revision = revisions[index] ?? record.revision;
  }
};

/**
 * Lets a test change stored events. The order of the array becomes the order of the log, and
 * positions and revisions are reassigned: a removed record leaves a gap at the end, and two swapped
 * records also swap their positions. System events keep their positions.
 */
export const tamperWith = (log: DoubleLog, change: (records: StoredRecord[]) => void): void => {
  const originals = new Map(
    log.records
      .filter((record) => !isSystemRecord(record))
      .map((record) => [toStoredRecord(record), record]),
  );
  const records = [...originals.keys()];
  change(records);
  const positions = records.map(({ position }) => position).sort(ascending);
  for (const [index, record] of records.entries())
    record.position = positions[index] ?? record.position;
  reassignRevisions(records);
  const changed = records.map((record) => toLogRecord(record, originals.get(record) ?? forged()));
  const system = log.records.filter(isSystemRecord);
  log.replace([...system, ...changed].sort((a, b) => ascending(a.position, b.position)));
};
