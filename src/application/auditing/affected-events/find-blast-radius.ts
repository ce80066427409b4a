import type { HouseholdEvent } from '../../../domain/household/household-events.ts';
import type { UserEvent } from '../../../domain/user/user-events.ts';
import {
  type EventStore,
  parseStreamName,
  type RecordedEvent,
  type StreamId,
  streamName,
} from '../../kernel/event-store.ts';
import type { AuditDirectory } from '../audit-directory.ts';
import type { AnyEvent } from '../shown-event-data.ts';
import { type StolenTokens, type TokenAction, tokenActionsIn } from './token-actions.ts';

/** A stream that was touched with stolen tokens: all of it, and what of it a thief is answerable for. */
export type TouchedStream = Readonly<{
  stream: StreamId;
  events: readonly RecordedEvent<AnyEvent>[];
  actions: readonly TokenAction[];
}>;

type Dependencies = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  auditDirectory: Pick<AuditDirectory, 'eventsOfSession'>;
}>;

export type FindBlastRadius = ReturnType<typeof createFindBlastRadius>;

/** Every stream in which something was done with `tokens`, or followed from that. */
export const createFindBlastRadius =
  ({ eventStore, auditDirectory }: Dependencies) =>
  async (tokens: StolenTokens): Promise<readonly TouchedStream[]> => {
    const places = await auditDirectory.eventsOfSession(tokens.familyId);
    const names = new Set(places.map(({ stream }) => streamName(stream)));
    const touched: TouchedStream[] = [];
    for (const stream of [...names].map(parseStreamName)) {
      const record = await eventStore.readStream(stream);
      // The registry vouches that a stream holds the events of its category.
      const events = record.events as readonly RecordedEvent<AnyEvent>[];
      touched.push({ stream, events, actions: tokenActionsIn(events, tokens) });
    }
    return touched.filter(({ actions }) => actions.length > 0);
  };

/** The ids of the events that a thief is answerable for. */
export const idsOf = ({ actions }: Pick<TouchedStream, 'actions'>): ReadonlySet<string> =>
  new Set(actions.map(({ recorded }) => recorded.eventId));

/** Events of a user's stream, which is what `stream` says it is. */
export const userEventsIn = ({ events }: TouchedStream) =>
  events as readonly RecordedEvent<UserEvent>[];

export const householdEventsIn = ({ events }: TouchedStream) =>
  events as readonly RecordedEvent<HouseholdEvent>[];
