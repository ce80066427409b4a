import type { HouseholdPolicy } from '../../../domain/household/household-commands.ts';
import type { OneTimeTokens } from '../../identity/one-time-tokens.ts';
import { householdAggregate } from '../../kernel/aggregate.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { CommandHandler } from '../../kernel/command-handler.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { InvitationAddresses } from '../invitation-directory.ts';
import type { InvitationAllowance } from './invitation-allowance.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  addresses: InvitationAddresses;
  allowance: InvitationAllowance;
  oneTimeTokens: OneTimeTokens;
  clock: Clock;
  policy: HouseholdPolicy;
}>;

type Input = Readonly<{ householdId: string; userId: string; invitationId: string }>;

export type ResendInvitation = ReturnType<typeof createResendInvitation>;

/**
 * Sends a new token for the same invitation; its previous token is invalid.
 * @throws DomainError `household_not_found`, `household_role_insufficient`, `invitation_not_found`,
 * `too_many_invitations`; ApplicationError `invitation_limit_reached`
 */
export const createResendInvitation =
  ({ commands, addresses, allowance, oneTimeTokens, clock, policy }: Dependencies) =>
  async (
    { householdId, userId: by, invitationId }: Input,
    context: RequestContext,
  ): Promise<void> => {
    const now = clock.now();
    const token = oneTimeTokens.issue('household_invitation', now);
    const command = (mailed: boolean) =>
      ({
        type: 'ResendInvitation',
        data: { by, invitationId, token, mailed, policy, now },
      }) as const;
    // A refused command must not use up an allowance.
    await commands.prepare(householdAggregate, householdId, command(true), context);
    await allowance.takeForInviter(by);
    const email = await addresses.find(invitationId);
    const mailed = email !== undefined && (await allowance.takeForAddress(email));
    await commands.execute(householdAggregate, householdId, command(mailed), context);
  };
