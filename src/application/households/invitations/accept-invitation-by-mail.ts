import type { AccountDirectory } from '../../identity/account-directory.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { HouseholdSummary } from '../household-directory.ts';
import type { AcceptInvitation } from './accept-invitation.ts';
import type { ReadInvitation } from './read-invitation.ts';

type Dependencies = Readonly<{
  accounts: AccountDirectory;
  readInvitation: ReadInvitation;
  acceptInvitation: AcceptInvitation;
}>;

export type AcceptInvitationByMail = ReturnType<typeof createAcceptInvitationByMail>;

/**
 * Accepts an invitation by its link, without a session: the token was sent by mail, so its holder
 * acts as the user who has that address.
 * @throws DomainError or ApplicationError as `AcceptInvitation`
 */
export const createAcceptInvitationByMail =
  ({ accounts, readInvitation, acceptInvitation }: Dependencies) =>
  async (token: string, anonymous: RequestContext): Promise<HouseholdSummary> => {
    const { email } = await readInvitation(token);
    const holder = await accounts.findByIdentifier({ kind: 'email', value: email });
    if (holder === undefined) throw new ApplicationError('token_invalid');
    const { userId } = holder;
    return acceptInvitation({ userId, token }, { ...anonymous, actor: userId });
  };
