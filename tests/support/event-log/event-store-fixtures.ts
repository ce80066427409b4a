import { randomUUID } from 'node:crypto';
import type {
  EventShape,
  EventStore,
  NewEvent,
  RecordedEvent,
  StreamAppend,
  StreamCategory,
  StreamId,
} from '../../../src/application/kernel/event-store.ts';
import { noStream } from '../../../src/application/kernel/event-store.ts';
import { registered } from '../events/user-fixtures.ts';

export type OpenedEventStore = Readonly<{ store: EventStore; close(): Promise<void> }>;

export const OCCURRED_AT = '2026-03-01T12:00:00.000Z';

const metadata = {
  occurredAt: OCCURRED_AT,
  correlationId: 'correlation-1',
  causationId: 'causation-1',
  actor: 'system',
};

export const newStream = (category: StreamCategory = 'household'): StreamId => ({
  category,
  id: randomUUID(),
});

export const newEvent = (event: EventShape): NewEvent => ({
  eventId: randomUUID(),
  event,
  metadata,
});

/** An event that a household stream accepts repeatedly, distinguished by its name. */
export const householdCreated = (name: string): NewEvent =>
  newEvent({
    type: 'HouseholdCreated',
    data: { name, ownerId: 'user_ann', home: false, createdAt: OCCURRED_AT },
  });

/** The first event of a user's stream, whose append creates the data key. */
export const registration = (): NewEvent => newEvent(registered);

export const startOf = (stream: StreamId, ...events: readonly NewEvent[]): StreamAppend => ({
  stream,
  expected: noStream,
  events,
});

/** Appends to the end of a stream, reading its head again after a conflict. */
export const appendTo = async (
  store: EventStore,
  stream: StreamId,
  ...events: readonly NewEvent[]
): Promise<void> => {
  const { head } = await store.read(stream, 0);
  await store.append([{ stream, expected: head, events }]);
};

export const shapes = (events: readonly NewEvent[]): readonly EventShape[] =>
  events.map(({ event }) => event);

export const ids = (events: readonly { eventId: string }[]): readonly string[] =>
  events.map(({ eventId }) => eventId);

export const collect = async (events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent[]> => {
  const collected: RecordedEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
};

/** Takes the first `count` events of a subscription and ends it. */
export const takeFrom = async (
  store: EventStore,
  count: number,
  after: Parameters<EventStore['subscribe']>[0] = undefined,
  filter: Parameters<EventStore['subscribe']>[1] = {},
): Promise<readonly RecordedEvent[]> => {
  const taken: RecordedEvent[] = [];
  const done = new AbortController();
  for await (const event of store.subscribe(after, filter, done.signal)) {
    taken.push(event);
    if (taken.length === count) done.abort();
  }
  return taken;
};
