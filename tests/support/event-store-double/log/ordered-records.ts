import type { LogRecord } from './stored-record.ts';

export type OrderKey = (record: LogRecord) => bigint;
export const byPosition: OrderKey = ({ position }) => position;
export const byRevision: OrderKey = ({ revision }) => revision;

/** Index of the first record whose key is at least `bound`; the length when there is none. */
export const firstFrom = (records: readonly LogRecord[], key: OrderKey, bound: bigint): number => {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const record = records[middle];
    if (record && key(record) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
};

export const recordAt = (
  records: readonly LogRecord[],
  revision: bigint,
): LogRecord | undefined => {
  const record = records[firstFrom(records, byRevision, revision)];
  return record?.revision === revision ? record : undefined;
};
