import type { Knex } from 'knex';
import type {
  EventDirectory,
  EventSearch,
  LoggedEvent,
} from '../../../application/auditing/event-directory.ts';
import { type Position, streamName } from '../../../application/kernel/event-store.ts';
import type { Database } from '../../postgres/connection/connection.ts';
import { queryBuilder as knex } from '../../postgres/connection/knex-query.ts';
import { runUnprepared } from '../../postgres/connection/unprepared-query.ts';
import type { EventStoreDbClient } from './client/eventstoredb-client.ts';
import { toLogged } from './reading/eventstoredb-event-format.ts';

type Dependencies = Readonly<{
  database: Database;
  readEvent: EventStoreDbClient['readEvent'];
}>;

type IndexRow = Readonly<{ position: Position; stream_id: string; event_number: string }>;

const pageOf = ({ filter, before, limit }: EventSearch): Knex.QueryBuilder => {
  const { userId, householdId, type, types, from, to } = filter;
  const events = knex('event_index').select('position', 'stream_id', 'event_number');
  if (userId !== undefined) void events.where({ subject_id: userId });
  if (householdId !== undefined) {
    void events.where({ stream_id: streamName({ category: 'household', id: householdId }) });
  }
  if (type !== undefined) void events.where({ type });
  if (types !== undefined) void events.whereIn('type', [...types]);
  if (from !== undefined) void events.where('occurred_at', '>=', from);
  if (to !== undefined) void events.where('occurred_at', '<', to);
  if (before !== undefined) void events.where('position', '<', before);
  return events.orderBy('position', 'desc').limit(limit);
};

/** Finds events by the event index and reads each from EventStoreDB. */
export const createEventStoreDbEventDirectory = ({
  database,
  readEvent,
}: Dependencies): EventDirectory => {
  const load = async (row: IndexRow): Promise<readonly LoggedEvent[]> => {
    const kept = await readEvent(row.stream_id, BigInt(row.event_number));
    if (kept === undefined) return [];
    const { revision, stored } = toLogged(kept);
    const { occurredAt, actor, correlationId } = stored.metadata;
    return [
      {
        position: row.position,
        eventId: stored.eventId,
        stream: row.stream_id,
        revision: String(revision),
        type: stored.type,
        occurredAt,
        actor,
        correlationId,
        data: stored.data,
      },
    ];
  };

  return {
    search: async (search) => {
      const rows = await runUnprepared<IndexRow>(database, pageOf(search));
      return (await Promise.all(rows.map(load))).flat();
    },
  };
};
