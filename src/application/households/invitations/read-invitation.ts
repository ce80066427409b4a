import type { GrantableRole } from '../../../domain/household/household-events.ts';
import { findInvitation } from '../../../domain/household/invitation-decisions.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { AccountDirectory } from '../../identity/account-directory.ts';
import { householdAggregate } from '../../kernel/aggregate.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { CommandHandler } from '../../kernel/command-handler.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { InvitationAddresses } from '../invitation-directory.ts';
import type { OpenInvitation } from './open-invitation.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  accounts: AccountDirectory;
  openInvitation: OpenInvitation;
  addresses: InvitationAddresses;
  clock: Clock;
}>;

/** An invitation as the invited person sees it. */
export type InvitationView = Readonly<{
  householdName: string;
  /** The inviter's display name; null when it has been erased. */
  invitedBy: string | null;
  role: GrantableRole;
  email: string;
  /** Set if the address has an account to accept with; if not, the invited person can register. */
  hasAccount: boolean;
  expiresAt: Instant;
}>;

export type ReadInvitation = ReturnType<typeof createReadInvitation>;

/**
 * Shows an invitation to the holder of its token.
 * @throws DomainError or ApplicationError `token_invalid`
 */
export const createReadInvitation =
  ({ commands, accounts, openInvitation, addresses, clock }: Dependencies) =>
  async (token: string): Promise<InvitationView> => {
    const { householdId, tokenHash } = await openInvitation(token);
    const household = await commands.load(householdAggregate, householdId);
    const found =
      household.status === 'existing'
        ? findInvitation(household, tokenHash, clock.now())
        : undefined;
    const email = found && (await addresses.find(found.id));
    if (household.status !== 'existing' || found === undefined || email === undefined) {
      throw new ApplicationError('token_invalid');
    }
    const inviter = await accounts.findById(found.invitedBy);
    const holder = await accounts.findByIdentifier({ kind: 'email', value: email });
    return {
      householdName: household.name,
      invitedBy: inviter?.profile.displayName ?? null,
      role: found.role,
      email,
      hasAccount: holder !== undefined,
      expiresAt: found.expiresAt,
    };
  };
