import type { HouseholdPolicy } from '../../../domain/household/household-commands.ts';
import type { GrantableRole } from '../../../domain/household/household-events.ts';
import { parseEmailAddress } from '../../../domain/user/email-address.ts';
import type { AddressHasher } from '../../identity/address-hasher.ts';
import type { OneTimeTokens } from '../../identity/one-time-tokens.ts';
import type { UserDirectory } from '../../identity/user-directory.ts';
import { householdAggregate } from '../../kernel/aggregate.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { CommandHandler } from '../../kernel/command-handler.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { IdGenerator } from '../../kernel/id-generator.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { InvitationAddresses, InvitationSummary } from '../invitation-directory.ts';
import type { InvitationAllowance } from './invitation-allowance.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  users: Pick<UserDirectory, 'findProfile'>;
  addresses: InvitationAddresses;
  allowance: InvitationAllowance;
  hashAddress: AddressHasher;
  oneTimeTokens: OneTimeTokens;
  ids: IdGenerator;
  clock: Clock;
  policy: HouseholdPolicy;
}>;

type Input = Readonly<{ householdId: string; userId: string; email: string; role: GrantableRole }>;

export type InviteMember = ReturnType<typeof createInviteMember>;

/**
 * Invites the owner of an address. The response does not reveal whether the address has an account
 * or other invitations: beyond its daily limit the address just gets no mail.
 * @throws DomainError `email_invalid`, `household_not_found`, `household_role_insufficient`,
 * `already_invited`, `too_many_invitations`; ApplicationError `email_not_verified`,
 * `invitation_limit_reached`
 */
export const createInviteMember = ({
  commands,
  users,
  addresses,
  allowance,
  hashAddress,
  oneTimeTokens,
  ids,
  clock,
  policy,
}: Dependencies) => {
  const commandFor = ({ userId: by, role }: Input, email: string, invitationId: string) => {
    const now = clock.now();
    const token = oneTimeTokens.issue('household_invitation', now);
    const addressHashes = hashAddress(email);
    return (mailed: boolean) =>
      ({
        type: 'InviteMember',
        data: { by, invitationId, addressHashes, role, token, mailed, policy, now },
      }) as const;
  };

  /** The mail names the inviter, so the inviter's address must be verified. */
  const requireVerifiedAddress = async (userId: string): Promise<void> => {
    const profile = await users.findProfile(userId);
    // An imported user with only a username has no address to verify.
    if (profile === undefined || (profile.email !== null && !profile.emailVerified)) {
      throw new ApplicationError('email_not_verified');
    }
  };

  return async (input: Input, context: RequestContext): Promise<InvitationSummary> => {
    const { householdId, userId, role } = input;
    const email = parseEmailAddress(input.email);
    await requireVerifiedAddress(userId);
    const invitationId = ids.invitationId();
    const command = commandFor(input, email, invitationId);
    // A refused command must not use up an allowance.
    await commands.prepare(householdAggregate, householdId, command(true), context);
    await allowance.takeForInviter(userId);
    const invite = command(await allowance.takeForAddress(email));
    await addresses.remember(invitationId, email);
    try {
      await commands.execute(householdAggregate, householdId, invite, context);
    } catch (error) {
      // Best effort: a remaining address is cleaned up later.
      await addresses.forget([invitationId]).catch(() => undefined);
      throw error;
    }
    const { now: createdAt, token } = invite.data;
    const { expiresAt } = token;
    return { id: invitationId, email, role, invitedBy: userId, createdAt, expiresAt };
  };
};
