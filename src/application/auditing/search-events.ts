import { cutPage } from '../kernel/cut-page.ts';
import type { Position } from '../kernel/event-store.ts';
import type { EventDirectory, EventSearch, LoggedEvent } from './event-directory.ts';
import { shownEventData } from './shown-event-data.ts';

type Dependencies = Readonly<{ events: EventDirectory }>;

/** `next`: the position before which the next page begins; undefined at the end. */
type EventPage = Readonly<{ events: readonly LoggedEvent[]; next: Position | undefined }>;

export type SearchEvents = ReturnType<typeof createSearchEvents>;

/**
 * Searches events for administrators, the latest first: without secrets and without personal data.
 */
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
