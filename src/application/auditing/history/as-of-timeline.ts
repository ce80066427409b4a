import { type EventShape, type RecordedEvent, streamName } from '../../kernel/event-store.ts';
import type { LoggedEvent } from '../event-directory.ts';
import { shownEventData } from '../shown-event-data.ts';

/** The latest events of a stream, without secrets and without personal data. */
export type Timeline = Readonly<{
  /** The number of all events up to that moment. */
  eventCount: number;
  /** The latest ones, oldest first. */
  events: readonly LoggedEvent[];
}>;

const toLogged = (recorded: RecordedEvent): LoggedEvent => ({
  position: recorded.position,
  eventId: recorded.eventId,
  stream: streamName(recorded.stream),
  revision: String(recorded.revision),
  type: recorded.event.type,
  occurredAt: recorded.metadata.occurredAt,
  actor: recorded.metadata.actor,
  correlationId: recorded.metadata.correlationId,
  data: shownEventData(recorded.event.type, recorded.event.data as Record<string, unknown>),
});

/** @param limit how many of the latest events are included */
export const timelineOf = (
  past: readonly RecordedEvent<EventShape>[],
  limit: number,
): Timeline => ({
  eventCount: past.length,
  events: past.slice(Math.max(0, past.length - limit)).map(toLogged),
});
