import { DomainError } from '../../../domain/domain-error.ts';
import { isAtLeast } from '../../../domain/household/household-rank.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { InvitationDirectory, InvitationSummary } from '../invitation-directory.ts';
import type { ReadHousehold } from '../read-household.ts';

type Dependencies = Readonly<{
  readHousehold: ReadHousehold;
  invitations: InvitationDirectory;
  clock: Clock;
}>;

export type ListInvitations = ReturnType<typeof createListInvitations>;

/**
 * Lists open invitations for admins.
 * @throws DomainError `household_not_found`, `household_role_insufficient`
 */
export const createListInvitations =
  ({ readHousehold, invitations, clock }: Dependencies) =>
  async (householdId: string, userId: string): Promise<readonly InvitationSummary[]> => {
    const { role } = await readHousehold(householdId, userId);
    if (!isAtLeast(role, 'admin')) throw new DomainError('household_role_insufficient');
    return invitations.listOpen(householdId, clock.now());
  };
