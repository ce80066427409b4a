import {
  checkCommit,
  type ExpectedRevision,
  isSoftDeleted,
  type StreamState,
} from './commit-check.ts';
import { createRecentIds } from './recent-ids.ts';
import { type LogRecord, type ProposedEvent, ticksNow } from './stored-record.ts';
import { SOFT_DELETED, systemEvent, systemEventAfter, truncation } from './system-events.ts';

const MAX_APPEND_BYTES = 1_048_576;
const RECORD_OVERHEAD_BYTES = 128;

export type AppendOutcome =
  | Readonly<{ kind: 'stored'; revision: bigint; position: bigint | undefined }>
  | Readonly<{ kind: 'wrongVersion'; current: bigint }>
  | Readonly<{ kind: 'deleted' }>
  | Readonly<{ kind: 'tooLarge'; limit: number }>;

export type DoubleLog = ReturnType<typeof createDoubleLog>;

const emptyStream = (): StreamState => ({
  records: [],
  last: -1n,
  truncateBefore: 0n,
  maxCount: undefined,
  tombstoned: false,
});

/** The server's formula: bytes of data and metadata, and two per character of the type. */
const sizeOf = (events: readonly ProposedEvent[]): number =>
  events.reduce(
    (sum, { data, metadata, type }) => sum + data.length + metadata.length + 2 * type.length,
    0,
  );

const applyMetadata = (stream: StreamState, data: Uint8Array): void => {
  const settings: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
  if (typeof settings !== 'object' || settings === null) return;
  if ('$tb' in settings) stream.truncateBefore = BigInt(Number(settings.$tb));
  if ('$maxCount' in settings) stream.maxCount = BigInt(Number(settings.$maxCount));
};

/** Creates the log that all nodes share: one array in log order, and one per stream. */
export const createDoubleLog = (startPosition: bigint) => {
  const records: LogRecord[] = [];
  const streams = new Map<string, StreamState>();
  const recent = createRecentIds();
  const listeners: (() => void)[] = [];
  let nextPosition = startPosition;
  let appends = 0;
  let generation = 0;

  const open = (name: string): StreamState => {
    const stream = streams.get(name) ?? emptyStream();
    streams.set(name, stream);
    return stream;
  };

  const insert = (record: LogRecord): void => {
    const stream = open(record.stream);
    records.push(record);
    stream.records.push(record);
    stream.last = record.revision;
    if (record.type === '$metadata' && record.stream.startsWith('$$'))
      applyMetadata(open(record.stream.slice(2)), record.data);
  };

  const write = (name: string, event: ProposedEvent): LogRecord => {
    const record: LogRecord = {
      id: event.id,
      type: event.type,
      contentType: event.contentType,
      data: event.data,
      metadata: event.metadata,
      stream: name,
      revision: (streams.get(name)?.last ?? -1n) + 1n,
      position: nextPosition,
      created: ticksNow(),
    };
    nextPosition += BigInt(RECORD_OVERHEAD_BYTES + event.data.length + event.metadata.length);
    insert(record);
    recent.add(record);
    return record;
  };

  const announce = (): void => {
    for (const listener of listeners) listener();
  };

  const store = (name: string, events: readonly ProposedEvent[]): AppendOutcome => {
    const before = streams.get(name);
    if (before && isSoftDeleted(before)) write(`$$${name}`, truncation(before.last + 1n));
    let last: LogRecord | undefined;
    for (const event of events) last = write(name, event);
    appends += 1;
    const own = systemEventAfter(appends);
    if (own) write(own.stream, own.event);
    announce();
    return { kind: 'stored', revision: last?.revision ?? -1n, position: last?.position };
  };

  return {
    /** All records in order of position; always the same array. */
    records: records as readonly LogRecord[],
    /** Finds a stream; undefined when it never had events. */
    stream: (name: string): Readonly<StreamState> | undefined => streams.get(name),
    /** Changes when the log was tampered with, which invalidates indexes into `records`. */
    generation: () => generation,
    append: (
      name: string,
      expected: ExpectedRevision,
      events: readonly ProposedEvent[],
    ): AppendOutcome => {
      if (sizeOf(events) > MAX_APPEND_BYTES) return { kind: 'tooLarge', limit: MAX_APPEND_BYTES };
      const check = checkCommit({
        state: streams.get(name) ?? emptyStream(),
        expected,
        ids: events.map(({ id }) => id),
        hasMetadata: streams.has(`$$${name}`),
        recent: (id) => recent.find(id, name),
      });
      if (check.kind === 'ok') return store(name, events);
      if (check.kind !== 'idempotent') return check;
      return { kind: 'stored', revision: check.last.revision, position: check.last.position };
    },
    /** Hides all events so far; later appends continue the numbers. @returns the position */
    softDelete: (name: string): bigint => {
      const { position } = write(`$$${name}`, truncation(SOFT_DELETED));
      announce();
      return position;
    },
    /** Deletes the stream permanently. @returns the position */
    tombstone: (name: string): bigint => {
      const { position } = write(name, systemEvent('$streamDeleted', {}));
      open(name).tombstoned = true;
      announce();
      return position;
    },
    /** Called after every change of the log. */
    onChange: (listener: () => void): void => void listeners.push(listener),
    /** Replaces all records; `changed` must be in order of position. */
    replace: (changed: readonly LogRecord[]): void => {
      generation += 1;
      recent.clear();
      records.length = 0;
      for (const stream of streams.values()) {
        stream.records.length = 0;
        stream.last = -1n;
      }
      for (const record of changed) insert(record);
      announce();
    },
  };
};
