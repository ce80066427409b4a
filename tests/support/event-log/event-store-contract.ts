import { describeAppends } from './event-append-contract.ts';
import { describeEventLog } from './event-log-contract.ts';
import type { OpenedEventStore } from './event-store-fixtures.ts';
import { describeEventStreams } from './event-stream-contract.ts';

/** What every event store promises: run against each adapter and against the fake. */
export const describeEventStore = (name: string, open: () => Promise<OpenedEventStore>): void => {
  describeEventStreams(name, open);
  describeAppends(name, open);
  describeEventLog(name, open);
};
