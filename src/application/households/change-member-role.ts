import type { GrantableRole } from '../../domain/household/household-events.ts';
import { householdAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import { forgetClosed } from './forget-closed-invitations.ts';
import type { InvitationAddresses } from './invitation-directory.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  addresses: InvitationAddresses;
  clock: Clock;
}>;

/** `userId`: the acting member, who changes the role of `memberId`. */
type Input = Readonly<{
  householdId: string;
  userId: string;
  memberId: string;
  role: GrantableRole;
}>;

export type ChangeMemberRole = ReturnType<typeof createChangeMemberRole>;

/**
 * Changes the role of a lower-ranked member, to at most the acting member's role. A demoted admin's
 * open invitations are revoked.
 * @throws DomainError `household_not_found`, `household_role_insufficient`, `member_not_found`
 */
export const createChangeMemberRole =
  ({ commands, addresses, clock }: Dependencies) =>
  async (
    { householdId, userId: by, memberId: userId, role }: Input,
    context: RequestContext,
  ): Promise<void> => {
    const data = { by, userId, role, now: clock.now() };
    const command = { type: 'ChangeMemberRole', data } as const;
    const { events } = await commands.execute(householdAggregate, householdId, command, context);
    await forgetClosed(addresses, events);
  };
