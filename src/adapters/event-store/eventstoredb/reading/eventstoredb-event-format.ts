import {
  type Position,
  parseStreamName,
  type StreamId,
} from '../../../../application/kernel/event-store.ts';
import type { StoredEvent } from '../../stored-event.ts';
import type { ProposedEvent } from '../client/eventstoredb-connection.ts';
import type { EventStoreDbEvent, LogPosition } from '../client/eventstoredb-event.ts';
import { UnreadableEvent } from './unreadable-event.ts';

/** One of Latchkey's events in EventStoreDB. */
export type LoggedEvent = Readonly<{
  stream: StreamId;
  /** Counts the stream's valid events, from 0. */
  revision: bigint;
  /** EventStoreDB's number, which counts aborted events as well. */
  number: bigint;
  position: Position;
  stored: StoredEvent;
  /**
   * The append to several streams that it is part of; the event is valid only once that is
   * committed.
   */
  transaction: string | undefined;
}>;

type Metadata = StoredEvent['metadata'] &
  Readonly<{ schemaVersion: number; revision: string; transaction?: string }>;

const DIGITS = 20; // of the largest 64-bit number: fixed width makes positions sort as text

/** Converts EventStoreDB's position to one that sorts as text. */
export const toPosition = ({ commit, prepare }: LogPosition): Position =>
  `${String(commit).padStart(DIGITS, '0')}-${String(prepare).padStart(DIGITS, '0')}` as Position;

/** Converts a position back to EventStoreDB's. */
export const fromPosition = (position: Position | undefined): LogPosition | undefined => {
  if (position === undefined) return undefined;
  const [commit = '0', prepare = '0'] = position.split('-');
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
};

/**
 * Converts a stored event to EventStoreDB's form. Everything that the chain covers stays unchanged.
 */
export const toProposed = (
  { eventId, type, schemaVersion, data, metadata }: StoredEvent,
  revision: bigint,
  transaction: string | undefined,
): ProposedEvent => ({
  id: eventId,
  type,
  data,
  metadata: {
    ...metadata,
    schemaVersion,
    revision: String(revision),
    ...(transaction !== undefined && { transaction }),
  },
});

const isMetadata = (metadata: unknown): metadata is Metadata =>
  typeof metadata === 'object' &&
  metadata !== null &&
  'chain' in metadata &&
  'schemaVersion' in metadata &&
  'revision' in metadata &&
  /^\d+$/.test(String(metadata.revision));

const isRecord = (data: unknown): data is StoredEvent['data'] =>
  typeof data === 'object' && data !== null && !Array.isArray(data);

/** Converts EventStoreDB's form back. @throws UnreadableEvent for an event in another format */
export const toLogged = (kept: EventStoreDbEvent): LoggedEvent => {
  const { id, type, data, metadata: kepts } = kept;
  if (!isMetadata(kepts) || !isRecord(data))
    throw new UnreadableEvent(type, toPosition(kept.position));
  const { schemaVersion, revision, transaction, ...metadata } = kepts;
  return {
    stream: parseStreamName(kept.stream),
    revision: BigInt(revision),
    number: kept.number,
    position: toPosition(kept.position),
    stored: { eventId: id, type, schemaVersion, data, metadata },
    transaction,
  };
};
