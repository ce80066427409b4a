import { householdAggregate } from '../../kernel/aggregate.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { CommandHandler } from '../../kernel/command-handler.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { forgetClosed } from '../forget-closed-invitations.ts';
import type { InvitationAddresses } from '../invitation-directory.ts';
import { asTokenError, type OpenInvitation } from './open-invitation.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  openInvitation: OpenInvitation;
  addresses: InvitationAddresses;
  clock: Clock;
}>;

export type DeclineInvitation = ReturnType<typeof createDeclineInvitation>;

/** Declines an invitation by its token. @throws DomainError or ApplicationError `token_invalid` */
export const createDeclineInvitation =
  ({ commands, openInvitation, addresses, clock }: Dependencies) =>
  async (token: string, context: RequestContext): Promise<void> => {
    const { householdId, tokenHash } = await openInvitation(token);
    const command = {
      type: 'DeclineInvitation',
      data: { tokenHash, now: clock.now() },
    } as const;
    try {
      const { events } = await commands.execute(householdAggregate, householdId, command, context);
      await forgetClosed(addresses, events);
    } catch (error) {
      throw asTokenError(error);
    }
  };
