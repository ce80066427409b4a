import { describeAppends } from './event-append-contract.ts';
import { describeEventLog } from './event-log-contract.ts';
import type { OpenedEventStore } from './event-store-fixtures.ts';
import { describeEventStreams } from './event-stream-contract.ts';

/** The contract of every event store, which runs against each adapter and the in-memory one. */
export const describeEventStore = (name: string, open: () => Promise<OpenedEventStore>): void => {
  describeEventStreams(name, open);
  describeAppends(name, open);
  describeEventLog(name, open);
};
