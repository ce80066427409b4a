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

/**
 * A stream that was changed with stolen tokens: all its events, and those that the thief caused.
 */
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

/**
 * Finds every stream with an event caused with `tokens`, or with one that followed from such an
 * event.
 */
export const createFindBlastRadius =
  ({ eventStore, auditDirectory }: Dependencies) =>
  async (tokens: StolenTokens): Promise<readonly TouchedStream[]> => {
    const places = await auditDirectory.eventsOfSession(tokens.familyId);
    const names = new Set(places.map(({ stream }) => streamName(stream)));
    const touched: TouchedStream[] = [];
    for (const stream of [...names].map(parseStreamName)) {
      const record = await eventStore.readStream(stream);
      // The registry guarantees that a stream holds events of its category only.
      const events = record.events as readonly RecordedEvent<AnyEvent>[];
      touched.push({ stream, events, actions: tokenActionsIn(events, tokens) });
    }
    return touched.filter(({ actions }) => actions.length > 0);
  };

/** The ids of the events that the thief caused. */
export const idsOf = ({ actions }: Pick<TouchedStream, 'actions'>): ReadonlySet<string> =>
  new Set(actions.map(({ recorded }) => recorded.eventId));

/** The events of `touched`, whose stream is a user's. */
export const userEventsIn = ({ events }: TouchedStream) =>
  events as readonly RecordedEvent<UserEvent>[];

/** The events of `touched`, whose stream is a household's. */
export const householdEventsIn = ({ events }: TouchedStream) =>
  events as readonly RecordedEvent<HouseholdEvent>[];
