import { streamName } from '../../kernel/event-store.ts';
import type { AffectedEvent } from '../affected-events/blast-radius.ts';
import type { TouchedStream } from '../affected-events/find-blast-radius.ts';
import type { TokenAction } from '../affected-events/token-actions.ts';
import { describeEvent } from '../event-sentences.ts';
import { feasibilityWithoutChange } from './undo-feasibility.ts';
import { type PlannedChange, planFor } from './undo-plan.ts';

const join = (sentences: readonly (string | null)[]): string | null =>
  sentences.filter((sentence) => sentence !== null).join(' ') || null;

const toAffectedEvent = (
  { recorded, jti, follows }: TokenAction,
  { stream }: TouchedStream,
  changes: readonly PlannedChange[],
): AffectedEvent => {
  const { eventId, revision, event, metadata } = recorded;
  const own = changes.filter(({ change }) => change.eventIds.includes(eventId));
  const { undo, byHand } =
    own.length === 0
      ? feasibilityWithoutChange(event)
      : {
          undo: join(own.map(({ feasibility }) => feasibility.undo)),
          byHand: join(own.map(({ feasibility }) => feasibility.byHand)),
        };
  return {
    eventId,
    stream: streamName(stream),
    revision: String(revision),
    type: event.type,
    at: metadata.occurredAt,
    jti,
    follows,
    what: describeEvent(event, stream.id),
    undo,
    byHand,
  };
};

const inOrder = (a: AffectedEvent, b: AffectedEvent): number =>
  a.at.localeCompare(b.at) ||
  a.stream.localeCompare(b.stream) ||
  Number(BigInt(a.revision) - BigInt(b.revision));

/** Describes the affected events in sentences, the oldest first. */
export const describeAffectedEvents = (
  touched: readonly TouchedStream[],
): readonly AffectedEvent[] =>
  touched
    .flatMap((stream) => {
      const changes = planFor(stream);
      return stream.actions.map((action) => toAffectedEvent(action, stream, changes));
    })
    .sort(inOrder);
