import { toLogged } from '../../../src/adapters/event-store/eventstoredb/reading/eventstoredb-event-format.ts';
import type { StoredRecord } from '../event-store-double/log/stored-record.ts';

export type LoggedEvent = ReturnType<typeof toLogged>;
/** The valid events of each stream, in order. */
export type Log = ReadonlyMap<string, readonly LoggedEvent[]>;

const TRANSACTION = 'transaction-';

const toEvent = (record: StoredRecord): LoggedEvent =>
  toLogged({
    ...record,
    id: record.eventId,
    number: record.revision,
    position: { commit: record.position, prepare: record.position },
  });

/** Leaves out the events of aborted transactions. */
export const validIn = (records: readonly StoredRecord[]): readonly LoggedEvent[] => {
  const committed = new Set(
    records.flatMap(({ stream, type }) =>
      stream.startsWith(TRANSACTION) && type === 'TransactionCommitted'
        ? [stream.slice(TRANSACTION.length)]
        : [],
    ),
  );
  return records
    .filter(({ stream }) => !stream.startsWith(TRANSACTION))
    .map(toEvent)
    .filter(({ transaction }) => transaction === undefined || committed.has(transaction));
};

export const byStream = (events: readonly LoggedEvent[]): Log => {
  const log = new Map<string, LoggedEvent[]>();
  for (const event of events) {
    const name = `${event.stream.category}-${event.stream.id}`;
    const stream = log.get(name);
    if (stream === undefined) log.set(name, [event]);
    else stream.push(event);
  }
  return log;
};

export const ofType = (log: Log, stream: string, type: string): readonly LoggedEvent[] =>
  (log.get(stream) ?? []).filter(({ stored }) => stored.type === type);
