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
  /** What each read in turn finds; the last one stays. */
  histories?: readonly StreamHistory[];
  /** So many appends lose their race before one succeeds. */
  conflicts?: number;
  /** What every append fails with instead. */
  failure?: Error;
  records?: Readonly<Record<string, readonly RecordedEvent[]>>;
  firstBroken?: bigint;
}>;

export const emptyHistory: StreamHistory = { head: noStream, snapshot: undefined, events: [] };

/** Answers as it is told to and keeps what it was asked for. */
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

/** Ids one can foretell: `event-1`, `event-2`, … */
export const createCountingIds = () => {
  let count = 0;
  return { eventId: () => `event-${++count}` };
};
