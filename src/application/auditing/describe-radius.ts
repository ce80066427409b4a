import { fold } from '../../domain/decider.ts';
import { userDecider } from '../../domain/user/user-decider.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import type { RecordedEvent } from '../ports/event-store.ts';
import { streamName } from '../ports/event-store.ts';
import type { RadiusEvent } from './blast-radius.ts';
import { tellDeed } from './deed-sentences.ts';
import { householdEventsIn, idsOf, type TouchedStream, userEventsIn } from './find-blast-radius.ts';
import type { Deed } from './radius-deeds.ts';
import { householdChanges, userChanges } from './undo-changes.ts';
import {
  householdOutlook,
  outlookWithoutSlot,
  type UndoOutlook,
  userOutlook,
} from './undo-outlook.ts';
import { valueInUser } from './undo-slots.ts';

/** Whether links could be sent to the owner before the first of the events in `radius`. */
export const hadAddress = (
  events: readonly RecordedEvent<UserEvent>[],
  radius: ReadonlySet<string>,
): boolean => {
  const first = events.findIndex(({ eventId }) => radius.has(eventId));
  const before = events.slice(0, first).map(({ event }) => event);
  const user = fold(userDecider, userDecider.initialState, before);
  return valueInUser('email', user) !== null;
};

type Outlooks = readonly Readonly<{ eventIds: readonly string[]; outlook: UndoOutlook }>[];

const outlooksOf = (touched: TouchedStream): Outlooks => {
  const radius = idsOf(touched);
  switch (touched.stream.category) {
    case 'user': {
      const events = userEventsIn(touched);
      const reachable = hadAddress(events, radius);
      return userChanges(events, radius).map(({ slot, target, eventIds }) => ({
        eventIds,
        outlook: userOutlook(slot, target, reachable),
      }));
    }
    case 'household':
      return householdChanges(householdEventsIn(touched), radius).map(
        ({ slot, target, eventIds }) => ({ eventIds, outlook: householdOutlook(slot, target) }),
      );
    case 'tokenFamily':
      return [];
  }
};

const join = (sentences: readonly (string | null)[]): string | null =>
  sentences.filter((sentence) => sentence !== null).join(' ') || null;

const toRadiusEvent = (
  { recorded, jti, follows }: Deed,
  { stream }: TouchedStream,
  outlooks: Outlooks,
): RadiusEvent => {
  const { eventId, revision, event, metadata } = recorded;
  const own = outlooks.filter(({ eventIds }) => eventIds.includes(eventId));
  const { undo, byHand } =
    own.length === 0
      ? outlookWithoutSlot(event)
      : {
          undo: join(own.map(({ outlook }) => outlook.undo)),
          byHand: join(own.map(({ outlook }) => outlook.byHand)),
        };
  return {
    eventId,
    stream: streamName(stream),
    revision: String(revision),
    type: event.type,
    at: metadata.occurredAt,
    jti,
    follows,
    what: tellDeed(event, stream.id),
    undo,
    byHand,
  };
};

const inOrder = (a: RadiusEvent, b: RadiusEvent): number =>
  a.at.localeCompare(b.at) ||
  a.stream.localeCompare(b.stream) ||
  Number(BigInt(a.revision) - BigInt(b.revision));

/** What was done, the first first, in sentences. */
export const describeRadius = (touched: readonly TouchedStream[]): readonly RadiusEvent[] =>
  touched
    .flatMap((stream) => {
      const outlooks = outlooksOf(stream);
      return stream.deeds.map((deed) => toRadiusEvent(deed, stream, outlooks));
    })
    .sort(inOrder);
