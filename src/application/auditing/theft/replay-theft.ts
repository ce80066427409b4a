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
  /** The current policy, which is assumed where the log does not record the one in force. */
  policy: ReplayPolicy;
}>;

export type ReplayTheft = ReturnType<typeof createReplayTheft>;

/** The number of the first access token minted after the split, or since `fromGeneration`. */
export const firstStolen = (
  { accessTokens }: FamilyStory,
  fromGeneration?: number,
): number | undefined =>
  accessTokens.find(({ afterSplit, generation }) =>
    fromGeneration === undefined ? afterSplit : generation >= fromGeneration,
  )?.ordinal;

/**
 * Reads a family's whole stream and repeats every decision in it. `changed`: settings of the policy
 * for the what-if comparison.
 * @throws ApplicationError `session_not_found`
 */
export const createReplayTheft = ({ eventStore, findBlastRadius, policy }: Dependencies) => {
  const blastRadiusOf = async (story: FamilyStory): Promise<TheftReplay['blastRadius']> => {
    if (story.theft === null) return null;
    const { familyId } = story;
    const first = firstStolen(story);
    const touched = first === undefined ? [] : await findBlastRadius({ familyId, first });
    // Both were introduced together: the access token in events and the policy in thefts.
    return { known: story.theft.policy !== null, events: describeAffectedEvents(touched) };
  };

  return async (familyId: string, changed?: Partial<ReplayPolicy>): Promise<TheftReplay> => {
    const record = await eventStore.readStream({ category: 'tokenFamily', id: familyId });
    const story = storyOf(familyId, record, policy);
    if (story === undefined) throw new ApplicationError('session_not_found');
    const events = record.events as readonly FamilyEvent[];
    return {
      ...story,
      blastRadius: await blastRadiusOf(story),
      whatIf: changed === undefined ? null : askWhatIf(events, changed, policy),
    };
  };
};
