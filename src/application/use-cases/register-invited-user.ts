import { DomainError } from '../../domain/domain-error.ts';
import { requireInvitationFor } from '../../domain/household/invitation-decisions.ts';
import { parseEmailAddress } from '../../domain/user/email-address.ts';
import { householdAggregate } from '../aggregate.ts';
import type { CommandHandler } from '../command-handler.ts';
import { ApplicationError } from '../errors.ts';
import type { OpenInvitation } from '../households/open-invitation.ts';
import type { AddressHasher } from '../ports/address-hasher.ts';
import type { Clock } from '../ports/clock.ts';
import type { UserProfile } from '../ports/user-directory.ts';
import type { RequestContext } from '../request-context.ts';
import type { TokenPair } from '../sessions/token-pair.ts';
import type { AcceptInvitation } from './accept-invitation.ts';
import type { NewAccount } from './create-account.ts';
import type { RegisterUser } from './register-user.ts';

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
 * Signs up who was invited, signs in, and joins the household. The token came by mail: whoever has it
 * has proven the address.
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
  /** Before anything is claimed or hashed. */
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
    const session = await registerUser(input, context, 'vouched');
    const userId = session.user.id;
    try {
      await acceptInvitation({ userId, token }, { ...context, actor: userId });
    } catch (error) {
      // The account stands; that the invitation ended meanwhile shows in the list of households.
      if (!(error instanceof DomainError || error instanceof ApplicationError)) throw error;
    }
    return session;
  };
};
