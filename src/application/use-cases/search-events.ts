import { cutPage } from '../administration/cut-page.ts';
import { shownEventData } from '../administration/shown-event-data.ts';
import type { EventDirectory, EventSearch, LoggedEvent } from '../ports/event-directory.ts';
import type { Position } from '../ports/event-store.ts';

type Dependencies = Readonly<{ events: EventDirectory }>;

/** `next`: what to go on before; undefined at the end. */
type EventPage = Readonly<{ events: readonly LoggedEvent[]; next: Position | undefined }>;

export type SearchEvents = ReturnType<typeof createSearchEvents>;

/** What happened, for administrators, the latest first: without secrets and without personal data. */
export const createSearchEvents =
  ({ events }: Dependencies) =>
  async ({ limit, ...search }: EventSearch): Promise<EventPage> => {
    const found = await events.search({ ...search, limit: limit + 1 });
    const { items, last } = cutPage(found, limit);
    return {
      events: items.map((event) => ({ ...event, data: shownEventData(event.type, event.data) })),
      next: last?.position,
    };
  };
