import type { ReplayPolicy } from '../../../domain/token-family/replay-policy.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { AffectedEvent } from '../affected-events/blast-radius.ts';
import type { FindBlastRadius } from '../affected-events/find-blast-radius.ts';
import { firstStolen } from '../theft/replay-theft.ts';
import { storyOf } from '../theft/theft-story.ts';
import { describeAffectedEvents } from '../undo-plan/describe-affected-events.ts';
import {
  type PlannedChange,
  planFor,
  stateOfEvent,
  type UndoState,
} from '../undo-plan/undo-plan.ts';

type Dependencies = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  findBlastRadius: FindBlastRadius;
  policy: ReplayPolicy;
}>;

/** An affected event, and whether anything of it is left to undo. */
export type ProposedUndo = AffectedEvent & Readonly<{ state: UndoState }>;

export type UndoProposal = Readonly<{
  familyId: string;
  /** The user whose session was stolen. */
  userId: string;
  /** False if events did not record their access token yet at the time of the theft. */
  known: boolean;
  events: readonly ProposedUndo[];
}>;

/**
 * A family, and the first generation that the thief got if the auditor knows it better than the
 * log.
 */
export type StolenFamily = Readonly<{ familyId: string; fromGeneration?: number | undefined }>;

export type ProposeUndo = ReturnType<typeof createProposeUndo>;

/**
 * Lists what was done with tokens of a stolen family, and what of it can be undone.
 * @throws ApplicationError `session_not_found`; `theft_not_found` if the log shows no theft and no
 * generation is given
 */
export const createProposeUndo =
  ({ eventStore, findBlastRadius, policy }: Dependencies) =>
  async ({
    familyId,
    fromGeneration,
  }: StolenFamily): Promise<
    Readonly<{ proposal: UndoProposal; plan: readonly PlannedChange[] }>
  > => {
    const record = await eventStore.readStream({ category: 'tokenFamily', id: familyId });
    const story = storyOf(familyId, record, policy);
    if (story === undefined) throw new ApplicationError('session_not_found');
    if (story.theft === null && fromGeneration === undefined) {
      throw new ApplicationError('theft_not_found');
    }
    const first = firstStolen(story, fromGeneration);
    const touched = first === undefined ? [] : await findBlastRadius({ familyId, first });
    const plan = touched.flatMap(planFor);
    const events = describeAffectedEvents(touched).map((event) => {
      const state = stateOfEvent(event.eventId, plan);
      return {
        ...event,
        state: state === 'no_need' && event.byHand !== null ? 'not_undoable' : state,
      };
    });
    const { userId } = story;
    return { proposal: { familyId, userId, known: story.theft?.policy !== null, events }, plan };
  };
