import type { FastifyRequest } from 'fastify';
import type { EventFilter } from '../../../../application/auditing/event-directory.ts';
import type { SearchEvents } from '../../../../application/auditing/search-events.ts';
import type { Position } from '../../../../application/kernel/event-store.ts';
import type { ListCursors } from '../../lists/list-cursor.ts';
import { cursorsOf } from '../../lists/list-page.ts';
import type { EventList } from '../../pages/admin/audit-pages.ts';

type Dependencies = Readonly<{ searchEvents: SearchEvents; listCursors: ListCursors }>;
type Part = Readonly<{ cursor?: string | undefined; limit: number }>;

export type ReadEventList = ReturnType<typeof createReadEventList>;

/** Reads a page of events from the cursor or the latest one on. @throws HttpError `cursor_invalid` */
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
