import type { Instant } from '../../domain/instant.ts';

/** The first part of a stream's name. Never holds a dash: categories are split off at the first one. */
export const streamCategories = ['user', 'household', 'tokenFamily'] as const;
export type StreamCategory = (typeof streamCategories)[number];

export type StreamId = Readonly<{ category: StreamCategory; id: string }>;

export const streamName = ({ category, id }: StreamId): string => `${category}-${id}`;

/** @throws TypeError when `name` is not `<category>-<id>` */
export const parseStreamName = (name: string): StreamId => {
  const dash = name.indexOf('-');
  const category = name.slice(0, dash);
  const known = streamCategories.find((candidate) => candidate === category);
  if (known === undefined) throw new TypeError(`unknown stream category in "${name}"`);
  return { category: known, id: name.slice(dash + 1) };
};

/** A place in the log: opaque, ordered as text, never a number. */
export type Position = string & { readonly position: unique symbol };

/** Stands where personal text stood whose person is erased. */
export const ERASED = '[erased]';

/** The origin of an event. It holds no personal data: actors are ids. */
export type EventMetadata = Readonly<{
  occurredAt: Instant;
  correlationId: string;
  causationId: string;
  /** A user id, `anonymous`, `system`, or `cli:<os user>`. */
  actor: string;
  /** The access token it was asked for with: `<family>.<ordinal>`; absent where there was none. */
  jti?: string;
}>;

export type EventShape = Readonly<{ type: string; data: object }>;

/** `eventId` (UUID) is made by the caller and kept over retries: it makes an append idempotent. */
export type NewEvent = Readonly<{ eventId: string; event: EventShape; metadata: EventMetadata }>;

export type RecordedEvent<Event = EventShape> = Readonly<{
  eventId: string;
  stream: StreamId;
  revision: bigint;
  /**
   * The position of an event. One read from its stream sorts after all others where the store does
   * not know it yet.
   */
  position: Position;
  event: Event;
  metadata: EventMetadata &
    Readonly<{
      /** SHA-256 (hex) over the previous event's chain value of the stream and this event's stored bytes. */
      chain: string;
    }>;
}>;

/** The end of a stream when it was read, which an append expects. A store may attach more to it. */
export type StreamHead = Readonly<{ revision: bigint | 'none' }>;

/** The head of a stream that does not exist yet. */
export const noStream: StreamHead = { revision: 'none' };

/** `events` are those after `snapshot`, or all of them where there is none. */
export type StreamHistory<Event = EventShape, State = unknown> = Readonly<{
  head: StreamHead;
  snapshot: State | undefined;
  events: readonly Event[];
}>;

/** `snapshot` is the aggregate's state after `events`: what keeps the next read short. */
export type StreamAppend = Readonly<{
  stream: StreamId;
  expected: StreamHead;
  events: readonly NewEvent[];
  snapshot?: Snapshot;
}>;

/** A state of another `version` than the reader's is ignored, and the stream read from its start. */
export type Snapshot = Readonly<{ version: number; state: unknown }>;

/** The stream is no longer where it was read: reload and decide again. */
export class RevisionConflict extends Error {
  constructor(stream: StreamId, options?: ErrorOptions) {
    super(`${streamName(stream)} has moved on`, options);
    this.name = 'RevisionConflict';
  }
}

export type SubscriptionFilter = Readonly<{ categories?: readonly StreamCategory[] }>;

/** A stream as evidence. `firstBroken`: the first revision whose chain value does not follow. */
export type StreamRecord = Readonly<{
  events: readonly RecordedEvent[];
  firstBroken: bigint | undefined;
}>;

/**
 * The only way aggregates are written.
 *
 * Every adapter and the in-memory fake pass the same contract suite. Any of them may throw
 * ApplicationError `service_unavailable` when the store is away.
 */
export type EventStore = Readonly<{
  /** The stream from its snapshot on, if that has the wanted version; an unknown stream is empty. */
  read<Event, State>(
    stream: StreamId,
    snapshotVersion: number,
  ): Promise<StreamHistory<Event, State>>;

  /** Every event of one stream, from its first. Erased personal data comes as tombstones. */
  readStream(stream: StreamId): Promise<StreamRecord>;

  /**
   * All streams or none. The same event ids at the expected revision again succeed and write nothing.
   * @throws RevisionConflict
   */
  append(appends: readonly StreamAppend[]): Promise<void>;

  /**
   * The whole log in commit order, from after `after`, up to what was committed when it was called.
   * What a transaction still running may yet come before can be left for later.
   */
  readAll(after?: Position): AsyncIterable<RecordedEvent>;

  /** Reads like `readAll`, then waits for more; ends when `signal` aborts. No gaps, no repeats. */
  subscribe(
    after: Position | undefined,
    filter: SubscriptionFilter,
    signal: AbortSignal,
  ): AsyncIterable<RecordedEvent>;
}>;
