import { householdAggregate } from '../aggregate.ts';
import type { CommandHandler } from '../command-handler.ts';
import { forgetClosed } from '../households/forget-closed-invitations.ts';
import { asTokenError, type OpenInvitation } from '../households/open-invitation.ts';
import type { Clock } from '../ports/clock.ts';
import type { InvitationAddresses } from '../ports/invitation-directory.ts';
import type { RequestContext } from '../request-context.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  openInvitation: OpenInvitation;
  addresses: InvitationAddresses;
  clock: Clock;
}>;

export type DeclineInvitation = ReturnType<typeof createDeclineInvitation>;

/** For whoever holds the token, account or not. @throws DomainError or ApplicationError `token_invalid` */
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
