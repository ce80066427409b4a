import { householdAggregate } from '../aggregate.ts';
import type { CommandHandler } from '../command-handler.ts';
import { forgetClosed } from '../households/forget-closed-invitations.ts';
import type { Clock } from '../ports/clock.ts';
import type { InvitationAddresses } from '../ports/invitation-directory.ts';
import type { RequestContext } from '../request-context.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  addresses: InvitationAddresses;
  clock: Clock;
}>;

type Input = Readonly<{ householdId: string; userId: string; invitationId: string }>;

export type RevokeInvitation = ReturnType<typeof createRevokeInvitation>;

/** @throws DomainError `household_not_found`, `household_role_insufficient`, `invitation_not_found` */
export const createRevokeInvitation =
  ({ commands, addresses, clock }: Dependencies) =>
  async (
    { householdId, userId: by, invitationId }: Input,
    context: RequestContext,
  ): Promise<void> => {
    const command = {
      type: 'RevokeInvitation',
      data: { by, invitationId, now: clock.now() },
    } as const;
    const { events } = await commands.execute(householdAggregate, householdId, command, context);
    await forgetClosed(addresses, events);
  };
