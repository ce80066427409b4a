import { DomainError } from '../../../domain/domain-error.ts';
import { requireInvitationFor } from '../../../domain/household/invitation-decisions.ts';
import { parseEmailAddress } from '../../../domain/user/email-address.ts';
import type { NewAccount } from '../../accounts/create-account.ts';
import type { RegisterUser } from '../../accounts/register-user.ts';
import type { AddressHasher } from '../../identity/address-hasher.ts';
import type { UserProfile } from '../../identity/user-directory.ts';
import { householdAggregate } from '../../kernel/aggregate.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { CommandHandler } from '../../kernel/command-handler.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { TokenPair } from '../../sessions/token-pair.ts';
import type { AcceptInvitation } from './accept-invitation.ts';
import type { OpenInvitation } from './open-invitation.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  openInvitation: OpenInvitation;
  hashAddress: AddressHasher;
  registerUser: RegisterUser;
  acceptInvitation: AcceptInvitation;
  clock: Clock;
}>;

type Input = NewAccount & Readonly<{ deviceName?: string | undefined }>;

export type RegisterInvitedUser = ReturnType<typeof createRegisterInvitedUser>;

/**
 * Registers the invited person, signs in and joins the household. The token was sent by mail, so it
 * verifies the address.
 * @throws DomainError or ApplicationError as `RegisterUser`, and `token_invalid`,
 * `invitation_for_other_address`
 */
export const createRegisterInvitedUser = ({
  commands,
  openInvitation,
  hashAddress,
  registerUser,
  acceptInvitation,
  clock,
}: Dependencies) => {
  /** Refuses before anything is claimed or hashed. */
  const requireInvitation = async (email: string, token: string): Promise<void> => {
    const { householdId, tokenHash } = await openInvitation(token);
    const household = await commands.load(householdAggregate, householdId);
    if (household.status !== 'existing') throw new ApplicationError('token_invalid');
    const addressHashes = hashAddress(parseEmailAddress(email));
    requireInvitationFor(household, { tokenHash, addressHashes, now: clock.now() });
  };

  return async (
    input: Input,
    token: string,
    context: RequestContext,
  ): Promise<TokenPair & { user: UserProfile }> => {
    await requireInvitation(input.email, token);
    const session = await registerUser(input, context, 'verified');
    const userId = session.user.id;
    try {
      await acceptInvitation({ userId, token }, { ...context, actor: userId });
    } catch (error) {
      // The account remains; without the invitation its list of households lacks this one.
      if (!(error instanceof DomainError || error instanceof ApplicationError)) throw error;
    }
    return session;
  };
};
