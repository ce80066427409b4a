import type { HouseholdPolicy } from '../../../domain/household/household-commands.ts';
import type { AccountDirectory } from '../../identity/account-directory.ts';
import type { AddressHasher } from '../../identity/address-hasher.ts';
import { householdAggregate } from '../../kernel/aggregate.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { CommandHandler } from '../../kernel/command-handler.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import { createFollowErasure } from '../follow-erasure.ts';
import { forgetClosed } from '../forget-closed-invitations.ts';
import type { HouseholdSummary } from '../household-directory.ts';
import type { InvitationAddresses } from '../invitation-directory.ts';
import type { ReadHousehold } from '../read-household.ts';
import { asTokenError, type OpenInvitation } from './open-invitation.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  accounts: AccountDirectory;
  openInvitation: OpenInvitation;
  addresses: InvitationAddresses;
  hashAddress: AddressHasher;
  readHousehold: ReadHousehold;
  clock: Clock;
  policy: HouseholdPolicy;
}>;

export type AcceptInvitation = ReturnType<typeof createAcceptInvitation>;

/**
 * Makes the user a member, if the user's verified address is the invited one.
 * @throws DomainError or ApplicationError `token_invalid`, `email_not_verified`,
 * `invitation_for_other_address`, `household_full`, `access_token_invalid`
 */
export const createAcceptInvitation = ({
  commands,
  accounts,
  openInvitation,
  addresses,
  hashAddress,
  readHousehold,
  clock,
  policy,
}: Dependencies) => {
  const followErasure = createFollowErasure({ commands, clock });

  return async (
    { userId, token }: { userId: string; token: string },
    context: RequestContext,
  ): Promise<HouseholdSummary> => {
    const { householdId, tokenHash } = await openInvitation(token);
    const account = await accounts.findById(userId);
    if (account?.active !== true) throw new ApplicationError('access_token_invalid');
    const { email, emailVerified } = account.profile;
    if (email === null || !emailVerified) throw new ApplicationError('email_not_verified');
    const home = account.householdId === null;
    const addressHashes = hashAddress(email);
    const data = { tokenHash, userId, addressHashes, home, policy, now: clock.now() };
    const command = { type: 'AcceptInvitation', data } as const;
    try {
      const accept = () => commands.execute(householdAggregate, householdId, command, context);
      const { events } = await followErasure({ userId, householdId }, accept, context);
      await forgetClosed(addresses, events);
      return await readHousehold(householdId, userId);
    } catch (error) {
      throw asTokenError(error);
    }
  };
};
