import type { ReplayPolicy } from '../../../domain/token-family/replay-policy.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { FindBlastRadius } from '../affected-events/find-blast-radius.ts';
import { describeAffectedEvents } from '../undo-plan/describe-affected-events.ts';
import type { FamilyEvent } from './theft-decisions.ts';
import type { FamilyStory, TheftReplay } from './theft-replay.ts';
import { storyOf } from './theft-story.ts';
import { askWhatIf } from './theft-what-if.ts';

type Dependencies = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  findBlastRadius: FindBlastRadius;
  /** Today's: taken where the log does not say which was in force. */
  policy: ReplayPolicy;
}>;

export type ReplayTheft = ReturnType<typeof createReplayTheft>;

/** The number of the first access token minted after the split, or from that generation on. */
export const firstStolen = (
  { accessTokens }: FamilyStory,
  fromGeneration?: number,
): number | undefined =>
  accessTokens.find(({ afterSplit, generation }) =>
    fromGeneration === undefined ? afterSplit : generation >= fromGeneration,
  )?.ordinal;

/**
 * Reads a family's whole stream as a story, and makes every decision in it once more.
 * `changed`: what of the policy might have been another. @throws ApplicationError `session_not_found`
 */
export const createReplayTheft = ({ eventStore, findBlastRadius, policy }: Dependencies) => {
  const radiusOf = async (story: FamilyStory): Promise<TheftReplay['blastRadius']> => {
    if (story.theft === null) return null;
    const { familyId } = story;
    const first = firstStolen(story);
    const touched = first === undefined ? [] : await findBlastRadius({ familyId, first });
    // Events say which access token they came with since thefts say which policy was in force.
    return { known: story.theft.policy !== null, events: describeAffectedEvents(touched) };
  };

  return async (familyId: string, changed?: Partial<ReplayPolicy>): Promise<TheftReplay> => {
    const record = await eventStore.readStream({ category: 'tokenFamily', id: familyId });
    const story = storyOf(familyId, record, policy);
    if (story === undefined) throw new ApplicationError('session_not_found');
    const events = record.events as readonly FamilyEvent[];
    return {
      ...story,
      blastRadius: await radiusOf(story),
      whatIf: changed === undefined ? null : askWhatIf(events, changed, policy),
    };
  };
};
