import {
  type EventStore,
  noStream,
  type RecordedEvent,
  RevisionConflict,
  type StreamAppend,
  type StreamHistory,
  type StreamId,
  type StreamRecord,
  streamName,
} from '../../../src/application/kernel/event-store.ts';

type Script = Readonly<{
  /** The results of successive reads; the last one is repeated. */
  histories?: readonly StreamHistory[];
  /** Number of appends that conflict before one succeeds. */
  conflicts?: number;
  /** The error with which every append fails. */
  failure?: Error;
  records?: Readonly<Record<string, readonly RecordedEvent[]>>;
  firstBroken?: bigint;
}>;

export const emptyHistory: StreamHistory = { head: noStream, snapshot: undefined, events: [] };

/** An event store with scripted answers that records its calls. */
export const createScriptedEventStore = ({
  histories = [emptyHistory],
  conflicts = 0,
  failure,
  records = {},
  firstBroken,
}: Script = {}) => {
  const reads: { stream: StreamId; snapshotVersion: number }[] = [];
  const appends: (readonly StreamAppend[])[] = [];
  const store: Pick<EventStore, 'read' | 'append' | 'readStream'> = {
    read: async <Event, State>(stream: StreamId, snapshotVersion: number) => {
      const history = histories[Math.min(reads.length, histories.length - 1)];
      reads.push({ stream, snapshotVersion });
      return history as StreamHistory<Event, State>;
    },
    append: async (appended) => {
      appends.push(appended);
      if (failure !== undefined) throw failure;
      const [first] = appended;
      if (first !== undefined && appends.length <= conflicts) {
        throw new RevisionConflict(first.stream);
      }
    },
    readStream: async (stream): Promise<StreamRecord> => ({
      events: records[streamName(stream)] ?? [],
      firstBroken,
    }),
  };
  return { store: store as EventStore, reads, appends };
};

/** Predictable ids: `event-1`, `event-2`, … */
export const createCountingIds = () => {
  let count = 0;
  return { eventId: () => `event-${++count}` };
};
