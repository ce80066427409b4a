import { describe, expect, it } from 'vitest';
import type {
  EventSearch,
  LoggedEvent,
} from '../../../src/application/auditing/event-directory.ts';
import { createSearchEvents } from '../../../src/application/auditing/search-events.ts';
import type { Position } from '../../../src/application/kernel/event-store.ts';

const eventNumber = (n: number, type: string, data: LoggedEvent['data']): LoggedEvent => ({
  position: `position-${n}` as Position,
  eventId: `event-${n}`,
  stream: 'user-user_ann',
  revision: String(n),
  type,
  occurredAt: '2026-01-01T00:00:00.000Z',
  actor: 'user_ann',
  correlationId: 'request-1',
  data,
});

const changed = { role: 'admin', previous: 'user', changedAt: '2026-01-01T00:00:00.000Z' };
const log = [
  eventNumber(2, 'RoleChanged', changed),
  eventNumber(1, 'SignInFailed', { client: { $personal: 'sealed' }, failedAt: changed.changedAt }),
  eventNumber(0, 'AddedLater', { secret: 'x' }),
];

const setUp = () => {
  const searches: EventSearch[] = [];
  const searchEvents = createSearchEvents({
    events: {
      search: async (search) => {
        searches.push(search);
        return log.slice(0, search.limit);
      },
    },
  });
  return { searches, searchEvents };
};

describe('a search of events', () => {
  it('shows the members that the type of each event allows', async () => {
    const { searchEvents } = setUp();

    const { events, next } = await searchEvents({ filter: {}, before: undefined, limit: 3 });

    expect(events.map(({ data }) => data)).toStrictEqual([
      changed,
      { failedAt: changed.changedAt },
      {},
    ]);
    expect(events[0]).toStrictEqual(log[0]);
    expect(next).toBeUndefined();
  });

  it('reads one event more than fits on the page, to see whether a next page exists', async () => {
    const { searchEvents, searches } = setUp();
    const filter = { userId: 'user_ann' };
    const before = 'position-9' as Position;

    const { events, next } = await searchEvents({ filter, before, limit: 2 });

    expect(searches).toStrictEqual([{ filter, before, limit: 3 }]);
    expect(events).toHaveLength(2);
    expect(next).toBe('position-1');
  });
});
