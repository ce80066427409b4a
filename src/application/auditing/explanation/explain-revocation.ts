import type { HouseholdEvent } from '../../../domain/household/household-events.ts';
import type { RevocationReason } from '../../../domain/token-family/token-family-events.ts';
import type { UserEvent } from '../../../domain/user/user-events.ts';
import type { RecordedEvent } from '../../kernel/event-store.ts';
import type { Moment } from '../history/as-of-moment.ts';
import type { ReadPast } from '../history/as-of-streams.ts';
import { type Because, becauseOf } from './explain-reasons.ts';

/** The events in the user's stream that can end a session. */
const USER_CAUSES: Readonly<Record<RevocationReason, readonly UserEvent['type'][]>> = {
  sign_out: [],
  theft: [],
  password_changed: ['PasswordChanged', 'EmailChanged'],
  deactivated: ['UserDeactivated'],
  erased: ['UserErased'],
  admin: [],
  membership_lost: [],
};

const HOUSEHOLD_CAUSES: readonly HouseholdEvent['type'][] = ['MemberRemoved', 'HouseholdDeleted'];

/** The event that ended a session or its tokens, and the household that the session acted for. */
type Ended = Readonly<{
  by: RecordedEvent<unknown>;
  userId: string;
  reason: RevocationReason;
  householdId: string | null;
}>;

type Dependencies = Readonly<{ readPast: ReadPast }>;

export type FindCauses = ReturnType<typeof createFindCauses>;

/**
 * Finds the events of the same request, in other streams, that caused the end of a session or its
 * tokens.
 */
export const createFindCauses =
  ({ readPast }: Dependencies) =>
  async (
    { by, userId, reason, householdId }: Ended,
    moment: Moment,
  ): Promise<readonly Because[]> => {
    const sameRequest = ({ metadata }: RecordedEvent<unknown>) =>
      metadata.correlationId === by.metadata.correlationId;
    if (reason === 'membership_lost') {
      if (householdId === null) return [];
      const past = await readPast('household', householdId, moment);
      return past
        .filter((one) => sameRequest(one) && HOUSEHOLD_CAUSES.includes(one.event.type))
        .map(becauseOf);
    }
    const types = USER_CAUSES[reason];
    if (types.length === 0) return [];
    const past = await readPast('user', userId, moment);
    return past.filter((one) => sameRequest(one) && types.includes(one.event.type)).map(becauseOf);
  };
