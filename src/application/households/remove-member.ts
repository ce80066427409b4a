import type { Clock } from '../kernel/clock.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { EndMembershipsAlongWith } from './end-memberships-along-with.ts';
import { forgetClosed } from './forget-closed-invitations.ts';
import type { InvitationAddresses } from './invitation-directory.ts';

type Dependencies = Readonly<{
  endMembershipsAlongWith: EndMembershipsAlongWith;
  addresses: InvitationAddresses;
  clock: Clock;
}>;

/** `userId`: the acting member, who removes `memberId`, or leaves if both are the same. */
type Input = Readonly<{ householdId: string; userId: string; memberId: string }>;

export type RemoveMember = ReturnType<typeof createRemoveMember>;

/**
 * Ends a membership; in the same append the member's sessions stop acting for the household.
 * @throws DomainError `household_not_found`, `household_role_insufficient`, `member_not_found`,
 * `owner_must_stay`
 */
export const createRemoveMember =
  ({ endMembershipsAlongWith, addresses, clock }: Dependencies) =>
  async (
    { householdId, userId: by, memberId: userId }: Input,
    context: RequestContext,
  ): Promise<void> => {
    const command = { type: 'RemoveMember', data: { by, userId, now: clock.now() } } as const;
    const { events } = await endMembershipsAlongWith({ householdId, command, userId }, context);
    await forgetClosed(addresses, events);
  };
