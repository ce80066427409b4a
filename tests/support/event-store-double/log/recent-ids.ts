import type { LogRecord } from './stored-record.ts';

const CAPACITY = 20_000;

/** Caches recently appended ids, which make appends without a revision idempotent (best effort). */
export const createRecentIds = () => {
  const records = new Map<string, LogRecord>();
  const ring: string[] = [];
  let place = 0;
  const keyOf = (id: string, stream: string): string => `${id} ${stream}`;
  return {
    add: (record: LogRecord): void => {
      const key = keyOf(record.id, record.stream);
      const oldest = ring[place];
      if (oldest !== undefined) records.delete(oldest);
      records.set(key, record);
      ring[place] = key;
      place = (place + 1) % CAPACITY;
    },
    find: (id: string, stream: string): LogRecord | undefined => records.get(keyOf(id, stream)),
    clear: (): void => {
      records.clear();
      ring.length = 0;
      place = 0;
    },
  };
};
