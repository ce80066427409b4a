import { LogCopyRefused } from '../../../application/event-log/log-copy.ts';
import { type Position, streamName } from '../../../application/kernel/event-store.ts';
import type { Queryable } from '../../postgres/connection/connection.ts';
import type { LoggedEvent } from '../eventstoredb/reading/eventstoredb-event-format.ts';
import type { FollowedEvent } from '../eventstoredb/reading/followed-event.ts';
import { toPosition } from '../postgres/postgres-log.ts';
import { requireChained } from './log-copy-source.ts';

/** The event in PostgreSQL at the same stream and revision as one in EventStoreDB. */
export type Counterpart = Readonly<{
  eventId: string;
  chain: string;
  position: Position;
}>;

type Row = Readonly<{
  event_id: string | null;
  transaction_id: string | null;
  global_position: string | null;
  chain: string | null;
  previous: string | null;
}>;

const READ_COUNTERPARTS = {
  name: 'read_counterparts',
  text: `SELECT e.event_id, e.transaction_id, e.global_position, e.metadata->>'chain' AS chain,
      (SELECT p.metadata->>'chain' FROM events AS p
        WHERE p.stream_id = w.stream_id AND p.revision = w.revision - 1) AS previous
    FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS w (stream_id, revision, place)
    LEFT JOIN events AS e USING (stream_id, revision) ORDER BY w.place`,
};

const keyOf = ({ stream }: LoggedEvent, revision: bigint): string =>
  `${streamName(stream)} ${revision}`;

const counterpartIn = (row: Row): Counterpart | undefined => {
  const { event_id: eventId, transaction_id, global_position, chain } = row;
  return eventId === null || transaction_id === null || global_position === null || chain === null
    ? undefined
    : { eventId, chain, position: toPosition({ transaction_id, global_position }) };
};

const refuseForeign = (event: LoggedEvent): never => {
  throw new LogCopyRefused(
    `The two stores differ: ${event.stored.type} at ${event.position} in the event store, revision ${event.revision} of ${streamName(event.stream)}, is not what the database has there.`,
  );
};

/**
 * Reads the counterparts of consecutive events of EventStoreDB, undefined where PostgreSQL has
 * none. Verifies each event's chain value and compares it with its counterpart. @throws
 * LogCopyRefused
 */
export const compareWithPostgres = async (
  connection: Queryable,
  events: readonly LoggedEvent[],
): Promise<readonly (Counterpart | undefined)[]> => {
  if (events.length === 0) return [];
  const names = events.map(({ stream }) => streamName(stream));
  const revisions = events.map(({ revision }) => String(revision));
  const rows = await connection.query<Row>({ ...READ_COUNTERPARTS, values: [names, revisions] });
  const chains = new Map<string, string>();
  return events.map((event, i) => {
    const { stored, revision, position } = event;
    const row = rows[i];
    const previous = chains.get(keyOf(event, revision - 1n)) ?? row?.previous ?? undefined;
    requireChained(event, position, previous);
    chains.set(keyOf(event, revision), stored.metadata.chain);
    const counterpart = row && counterpartIn(row);
    if (counterpart === undefined) return undefined;
    const isSame =
      counterpart.eventId === stored.eventId && counterpart.chain === stored.metadata.chain;
    return isSame ? counterpart : refuseForeign(event);
  });
};

/** Converts an event to what the event index stores, which needs no decryption. */
export const toIndexed = ({
  stream,
  revision,
  number,
  position,
  stored,
}: LoggedEvent): FollowedEvent => {
  const { subject, ...metadata } = stored.metadata;
  const event = { type: stored.type, data: stored.data };
  return {
    eventId: stored.eventId,
    stream,
    revision,
    number,
    position,
    event,
    metadata,
    subject,
  };
};
