import type { FastifyRequest } from 'fastify';
import type { EventFilter } from '../../application/ports/event-directory.ts';
import type { Position } from '../../application/ports/event-store.ts';
import type { SearchEvents } from '../../application/use-cases/search-events.ts';
import type { ListCursors } from './list-cursor.ts';
import { cursorsOf } from './list-page.ts';
import type { EventList } from './pages/admin/audit-pages.ts';

type Dependencies = Readonly<{ searchEvents: SearchEvents; listCursors: ListCursors }>;
type Part = Readonly<{ cursor?: string | undefined; limit: number }>;

export type ReadEventList = ReturnType<typeof createReadEventList>;

/** One page of a list of events: the newest, or those where the page before ended. @throws HttpError `cursor_invalid` */
export const createReadEventList =
  ({ searchEvents, listCursors }: Dependencies) =>
  async (
    request: FastifyRequest,
    filter: EventFilter,
    { cursor, limit }: Part,
  ): Promise<EventList> => {
    const cursors = cursorsOf(listCursors, request, filter);
    const [position] = cursors.read(cursor) ?? [];
    const before = position as Position | undefined;
    const { events, next } = await searchEvents({ filter, before, limit });
    return { events, nextCursor: cursors.write(next && [next]) };
  };
