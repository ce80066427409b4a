import type { StepUp, StepUpInput } from '../credentials/step-up.ts';
import type { Clock } from '../kernel/clock.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { EndMembershipsAlongWith } from './end-memberships-along-with.ts';
import type { InvitationAddresses, InvitationDirectory } from './invitation-directory.ts';

type Dependencies = Readonly<{
  endMembershipsAlongWith: EndMembershipsAlongWith;
  stepUp: StepUp;
  invitations: Pick<InvitationDirectory, 'listOpen'>;
  addresses: InvitationAddresses;
  clock: Clock;
}>;

type Input = StepUpInput & Readonly<{ householdId: string }>;

export type DeleteHousehold = ReturnType<typeof createDeleteHousehold>;

/**
 * Deletes a household with all its rows; its members' sessions switch to another household or end.
 * @throws DomainError `household_not_found`, `household_role_insufficient`,
 * `home_household_must_stay`; ApplicationError `step_up_required`, `invalid_credentials`,
 * `access_token_invalid`
 */
export const createDeleteHousehold =
  ({ endMembershipsAlongWith, stepUp, invitations, addresses, clock }: Dependencies) =>
  async ({ householdId, ...who }: Input, context: RequestContext): Promise<void> => {
    await stepUp(who, context);
    const data = { by: who.userId, now: clock.now() };
    const command = { type: 'DeleteHousehold', data } as const;
    const open = await invitations.listOpen(householdId, data.now);
    await endMembershipsAlongWith({ householdId, command }, context);
    // Best effort: remaining addresses are cleaned up later.
    await addresses.forget(open.map(({ id }) => id)).catch(() => undefined);
  };
