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

/** An event of the radius, and whether there is anything left to take back of it. */
export type ProposedUndo = AffectedEvent & Readonly<{ state: UndoState }>;

export type UndoProposal = Readonly<{
  familyId: string;
  /** Whose session it was. */
  userId: string;
  /** False where events did not say yet which access token they came with. */
  known: boolean;
  events: readonly ProposedUndo[];
}>;

/** A family, and if the auditor knows better than the log, the generation that the thief got first. */
export type StolenFamily = Readonly<{ familyId: string; fromGeneration?: number | undefined }>;

export type ProposeUndo = ReturnType<typeof createProposeUndo>;

/**
 * What was done with tokens of a stolen family, and what of it can be taken back.
 * @throws ApplicationError `session_not_found`; `theft_not_found` where the log knows of no theft, and
 * nobody says from which generation on there was one
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
