import {
  type EventShape,
  noStream,
  type StreamHead,
  type StreamHistory,
  type StreamId,
} from '../../../application/kernel/event-store.ts';
import type { EventCodec, Subject } from '../event-codec.ts';
import type { StoredEvent } from '../stored-event.ts';

/** A stream head with everything that the next append in PostgreSQL needs. */
export type PostgresStreamHead = StreamHead &
  Readonly<{ revision: bigint; chain: string; subject: Subject | undefined }>;

/** Whether `head` comes from this store's `read`. */
export const isPostgresHead = (head: StreamHead): head is PostgresStreamHead => 'chain' in head;

/** An event as one JSON value, as `EVENT_JSON` selects it. */
export type EventJson = Readonly<{
  eventId: string;
  revision: number;
  type: string;
  schemaVersion: number;
  data: StoredEvent['data'];
  metadata: StoredEvent['metadata'];
}>;

/** A stream's head, snapshot and later events as one row; see `streamColumns`. */
export type StreamRow = Readonly<{
  revision: string;
  chain: string;
  subject_id: string | null;
  wrapped_key: string | null;
  snapshot: Readonly<Record<string, unknown>> | null;
  later_events: readonly EventJson[] | null;
}>;

const EVENT_JSON = `json_build_object('eventId', e.event_id, 'revision', e.revision, 'type', e.type,
  'schemaVersion', e.schema_version, 'data', e.data, 'metadata', e.metadata)`;

/**
 * Columns of a `StreamRow`, given `streams AS s`, `subject_keys AS k` and the snapshot version to
 * use.
 */
export const streamColumns = (snapshotVersion: string): string => `
  s.revision, s.chain, s.subject_id, k.wrapped_key,
  CASE WHEN s.snapshot_version = ${snapshotVersion} THEN s.snapshot END AS snapshot,
  CASE WHEN s.snapshot_version = ${snapshotVersion} AND s.snapshot_revision = s.revision THEN NULL
  ELSE (
    SELECT json_agg(${EVENT_JSON} ORDER BY e.revision) FROM events AS e
    WHERE e.stream_id = s.stream_id AND e.revision > CASE
      WHEN s.snapshot_version = ${snapshotVersion} THEN s.snapshot_revision ELSE -1 END
  ) END AS later_events`;

/** The `FROM` clause that `streamColumns` needs. */
export const fromStreams =
  'streams AS s LEFT JOIN subject_keys AS k ON k.subject_id = s.subject_id';

/** Converts the JSON form of an event to a stored event. */
export const eventStoredAs = (json: EventJson): StoredEvent => ({
  eventId: json.eventId,
  type: json.type,
  schemaVersion: json.schemaVersion,
  data: json.data,
  metadata: json.metadata,
});

const subjectOf = (
  codec: EventCodec,
  { subject_id: id, wrapped_key: wrapped }: StreamRow,
): Subject | undefined =>
  id === null || wrapped === null ? undefined : { id, key: codec.unwrapKey(id, wrapped) };

/** Decodes a stream's history; `row` is undefined when there is no such stream. */
export const toHistory = <Event = EventShape, State = unknown>(
  codec: EventCodec,
  stream: StreamId,
  row: StreamRow | undefined,
): StreamHistory<Event, State> => {
  if (row === undefined) return { head: noStream, snapshot: undefined, events: [] };
  const subject = subjectOf(codec, row);
  const head: PostgresStreamHead = { revision: BigInt(row.revision), chain: row.chain, subject };
  const events = (row.later_events ?? []).map((json) => {
    const placed = { stream, revision: BigInt(json.revision), stored: eventStoredAs(json) };
    return codec.decode(placed, subject?.key) as unknown as Event;
  });
  return {
    head,
    // The registry guarantees the shape of events, the snapshot version that of states.
    snapshot:
      row.snapshot === null
        ? undefined
        : (codec.decodeSnapshot(row.snapshot, stream, subject?.key) as State),
    events,
  };
};
