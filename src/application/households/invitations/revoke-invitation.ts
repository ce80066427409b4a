import { householdAggregate } from '../../kernel/aggregate.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { CommandHandler } from '../../kernel/command-handler.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { forgetClosed } from '../forget-closed-invitations.ts';
import type { InvitationAddresses } from '../invitation-directory.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  addresses: InvitationAddresses;
  clock: Clock;
}>;

type Input = Readonly<{ householdId: string; userId: string; invitationId: string }>;

export type RevokeInvitation = ReturnType<typeof createRevokeInvitation>;

/**
 * Revokes an open invitation.
 * @throws DomainError `household_not_found`, `household_role_insufficient`, `invitation_not_found`
 */
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
