import { streamName } from '../../kernel/event-store.ts';
import type { RadiusEvent } from '../affected-events/blast-radius.ts';
import { tellDeed } from '../affected-events/deed-sentences.ts';
import type { TouchedStream } from '../affected-events/find-blast-radius.ts';
import type { Deed } from '../affected-events/radius-deeds.ts';
import { outlookWithoutSlot } from './undo-outlook.ts';
import { type PlannedChange, planFor } from './undo-plan.ts';

const join = (sentences: readonly (string | null)[]): string | null =>
  sentences.filter((sentence) => sentence !== null).join(' ') || null;

const toRadiusEvent = (
  { recorded, jti, follows }: Deed,
  { stream }: TouchedStream,
  changes: readonly PlannedChange[],
): RadiusEvent => {
  const { eventId, revision, event, metadata } = recorded;
  const own = changes.filter(({ change }) => change.eventIds.includes(eventId));
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
      const changes = planFor(stream);
      return stream.deeds.map((deed) => toRadiusEvent(deed, stream, changes));
    })
    .sort(inOrder);
