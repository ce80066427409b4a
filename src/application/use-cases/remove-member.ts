import type { EndMembershipsAlongWith } from '../households/end-memberships-along-with.ts';
import { forgetClosed } from '../households/forget-closed-invitations.ts';
import type { Clock } from '../ports/clock.ts';
import type { InvitationAddresses } from '../ports/invitation-directory.ts';
import type { RequestContext } from '../request-context.ts';

type Dependencies = Readonly<{
  endMembershipsAlongWith: EndMembershipsAlongWith;
  addresses: InvitationAddresses;
  clock: Clock;
}>;

/** `userId`: who removes `memberId`; the same: who leaves. */
type Input = Readonly<{ householdId: string; userId: string; memberId: string }>;

export type RemoveMember = ReturnType<typeof createRemoveMember>;

/**
 * The member's sessions stop acting for the household in the same breath.
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
