import type { Instant } from '../../domain/instant.ts';

/** The categories of streams. None contains a dash: a stream's name is split at its first dash. */
export const streamCategories = ['user', 'household', 'tokenFamily'] as const;
/** The category of a stream: one per aggregate. */
export type StreamCategory = (typeof streamCategories)[number];

/** A stream: its category and the id of its aggregate. */
export type StreamId = Readonly<{ category: StreamCategory; id: string }>;

/** Builds the name `<category>-<id>`. */
export const streamName = ({ category, id }: StreamId): string => `${category}-${id}`;

/** Parses a stream's name. @throws TypeError when `name` is not `<category>-<id>` */
export const parseStreamName = (name: string): StreamId => {
  const dash = name.indexOf('-');
  const category = name.slice(0, dash);
  const known = streamCategories.find((candidate) => candidate === category);
  if (known === undefined) throw new TypeError(`unknown stream category in "${name}"`);
  return { category: known, id: name.slice(dash + 1) };
};

/** A position in the log: opaque, ordered as text, never a number. */
export type Position = string & { readonly position: unique symbol };

/** The tombstone in place of an erased user's personal data. */
export const ERASED = '[erased]';

/** The origin of an event. Contains no personal data: actors are ids. */
export type EventMetadata = Readonly<{
  occurredAt: Instant;
  correlationId: string;
  causationId: string;
  /** A user id, `anonymous`, `system`, or `cli:<os user>`. */
  actor: string;
  /** The access token of the request: `<family>.<ordinal>`; absent when it had none. */
  jti?: string;
}>;

/** An event of any aggregate. */
export type EventShape = Readonly<{ type: string; data: object }>;

/**
 * An event to append. The caller keeps `eventId` (UUID) over retries, which makes appends
 * idempotent.
 */
export type NewEvent = Readonly<{ eventId: string; event: EventShape; metadata: EventMetadata }>;

/** A stored event. */
export type RecordedEvent<Event = EventShape> = Readonly<{
  eventId: string;
  stream: StreamId;
  revision: bigint;
  /**
   * The position in the log; for an event read from its stream, the last one if it is not known
   * yet.
   */
  position: Position;
  event: Event;
  metadata: EventMetadata &
    Readonly<{
      /**
       * SHA-256 (hex) over the previous event's chain value of the stream and this event's stored
       * bytes.
       */
      chain: string;
    }>;
}>;

/**
 * The end of a stream when it was read, which an append expects. A store may add fields of its own.
 */
export type StreamHead = Readonly<{ revision: bigint | 'none' }>;

/** The head of a stream that does not exist yet. */
export const noStream: StreamHead = { revision: 'none' };

/** A stream as read: its snapshot and the events after it, or all events without a snapshot. */
export type StreamHistory<Event = EventShape, State = unknown> = Readonly<{
  head: StreamHead;
  snapshot: State | undefined;
  events: readonly Event[];
}>;

/**
 * Events to append to one stream. `snapshot`: the state after them, which shortens the next read.
 */
export type StreamAppend = Readonly<{
  stream: StreamId;
  expected: StreamHead;
  events: readonly NewEvent[];
  snapshot?: Snapshot;
}>;

/** An aggregate's state. A reader ignores another `version` and reads the stream from its start. */
export type Snapshot = Readonly<{ version: number; state: unknown }>;

/** The stream has more events than when it was read: reload and decide again. */
export class RevisionConflict extends Error {
  constructor(stream: StreamId, options?: ErrorOptions) {
    super(`${streamName(stream)} has moved on`, options);
    this.name = 'RevisionConflict';
  }
}

/** Restricts a subscription to streams of some categories; all if `categories` is absent. */
export type SubscriptionFilter = Readonly<{ categories?: readonly StreamCategory[] }>;

/** A stream as evidence. `firstBroken`: the first revision with a wrong chain value. */
export type StreamRecord = Readonly<{
  events: readonly RecordedEvent[];
  firstBroken: bigint | undefined;
}>;

/**
 * The event store. Every adapter and the in-memory fake pass the same contract suite. Every method
 * may throw ApplicationError `service_unavailable`.
 */
export type EventStore = Readonly<{
  /**
   * Reads a stream from its snapshot on if that has the given version. An unknown stream is empty.
   */
  read<Event, State>(
    stream: StreamId,
    snapshotVersion: number,
  ): Promise<StreamHistory<Event, State>>;

  /** Reads every event of one stream. Erased personal data is replaced by `ERASED`. */
  readStream(stream: StreamId): Promise<StreamRecord>;

  /**
   * Appends to all streams or to none. Repeating an append with the same event ids writes nothing.
   * @throws RevisionConflict
   */
  append(appends: readonly StreamAppend[]): Promise<void>;

  /**
   * Reads the log in commit order, from after `after`, up to what was committed at the time of the
   * call. It may leave out events that a running transaction may still precede.
   */
  readAll(after?: Position): AsyncIterable<RecordedEvent>;

  /** Reads like `readAll`, then waits for more until `signal` aborts; no gaps, no repeats. */
  subscribe(
    after: Position | undefined,
    filter: SubscriptionFilter,
    signal: AbortSignal,
  ): AsyncIterable<RecordedEvent>;
}>;
