import type { Knex } from 'knex';
import type {
  EventDirectory,
  EventFilter,
  EventSearch,
  LoggedEvent,
} from '../../../application/auditing/event-directory.ts';
import { type Position, streamName } from '../../../application/kernel/event-store.ts';
import type { Database } from '../connection/connection.ts';
import { queryBuilder as knex } from '../connection/knex-query.ts';
import { runUnprepared } from '../connection/unprepared-query.ts';

type EventRow = Readonly<{
  position: Position;
  event_id: string;
  stream_id: string;
  revision: string;
  type: string;
  occurred_at: string;
  actor: string;
  correlation_id: string;
  data: Readonly<Record<string, unknown>>;
}>;

// The text of a position is fixed: two numbers of twenty digits.
const COLUMNS = knex.raw(`event_id, stream_id, revision, type, occurred_at, data,
  metadata->>'actor' AS actor, metadata->>'correlationId' AS correlation_id,
  lpad(transaction_id::text, 20, '0') || '-' || lpad(global_position::text, 20, '0') AS position`);

const toEvent = (row: EventRow): LoggedEvent => ({
  position: row.position,
  eventId: row.event_id,
  stream: row.stream_id,
  revision: row.revision,
  type: row.type,
  occurredAt: row.occurred_at,
  actor: row.actor,
  correlationId: row.correlation_id,
  data: row.data,
});

/** PostgreSQL would take a transaction id with leading zeros for an octal number. */
const numbersOf = (position: Position): readonly string[] =>
  position.split('-').map((digits) => BigInt(digits).toString());

/** Selects events by stream, through its index: a search of the whole log would be slow. */
const inStreams = ({ userId, householdId }: EventFilter): Knex.QueryBuilder => {
  const events = knex('events');
  if (userId !== undefined) {
    const streams = knex('streams').select('stream_id').where({ subject_id: userId });
    void events.whereRaw('stream_id = ANY (ARRAY(?))', [streams]);
  }
  if (householdId !== undefined) {
    void events.where({ stream_id: streamName({ category: 'household', id: householdId }) });
  }
  return events;
};

const pageOf = ({ filter, before, limit }: EventSearch): Knex.QueryBuilder => {
  const { userId, householdId, type, types, from, to } = filter;
  const named = userId !== undefined || householdId !== undefined;
  const events = named
    ? knex('found').withMaterialized('found', inStreams(filter))
    : knex('events');
  if (type !== undefined) void events.where({ type });
  if (types !== undefined) void events.whereIn('type', [...types]);
  if (from !== undefined) void events.where('occurred_at', '>=', from);
  if (to !== undefined) void events.where('occurred_at', '<', to);
  if (before !== undefined) {
    const [transaction = '0', position = '0'] = numbersOf(before);
    void events.whereRaw('(transaction_id, global_position) < (?::text::xid8, ?::bigint)', [
      transaction,
      position,
    ]);
  }
  return events
    .select(COLUMNS)
    .orderBy([
      { column: 'transaction_id', order: 'desc' },
      { column: 'global_position', order: 'desc' },
    ])
    .limit(limit);
};

/** Searches the log itself by its existing indexes, so that appends pay for no other. */
export const createKnexEventDirectory = (database: Database): EventDirectory => ({
  search: async (search) => (await runUnprepared<EventRow>(database, pageOf(search))).map(toEvent),
});
