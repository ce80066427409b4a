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

/** Deals the revisions a stream has left to its records, in the order they are in now. */
const dealRevisions = (records: readonly StoredRecord[]): void => {
  for (const group of byStream(records)) {
    const revisions = group.map(({ revision }) => revision).sort(ascending);
    for (const [index, record] of group.entries())
      record.revision = revisions[index] ?? record.revision;
  }
};

/**
 * Lets a test change the log behind everybody's back. The order of the array is the new order of the
 * log: positions and revisions are dealt anew, so a record taken out leaves a gap, and two that
 * changed places have changed positions too. System events stay where they are.
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
  dealRevisions(records);
  const changed = records.map((record) => toLogRecord(record, originals.get(record) ?? forged()));
  const system = log.records.filter(isSystemRecord);
  log.replace([...system, ...changed].sort((a, b) => ascending(a.position, b.position)));
};
