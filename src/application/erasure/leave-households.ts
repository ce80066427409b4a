import { DomainError } from '../../domain/domain-error.ts';
import type { AuditDirectory } from '../auditing/audit-directory.ts';
import type { ReleaseMembers } from '../household-data/release-members.ts';
import { forgetClosed } from '../households/forget-closed-invitations.ts';
import type { HouseholdDirectory } from '../households/household-directory.ts';
import type {
  InvitationAddresses,
  InvitationDirectory,
} from '../households/invitation-directory.ts';
import { householdAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  households: Pick<HouseholdDirectory, 'listOf'>;
  log: Pick<AuditDirectory, 'householdsOf'>;
  releaseMembers: ReleaseMembers;
  invitations: Pick<InvitationDirectory, 'listOpen'>;
  addresses: InvitationAddresses;
  clock: Clock;
}>;

export type LeaveHouseholds = ReturnType<typeof createLeaveHouseholds>;

/** Ends an erased user's memberships. An owned household passes to a successor, or is deleted. */
export const createLeaveHouseholds = ({
  commands,
  households,
  log,
  releaseMembers,
  invitations,
  addresses,
  clock,
}: Dependencies) => {
  const leave = async (householdId: string, userId: string, context: RequestContext) => {
    const now = clock.now();
    const command = { type: 'EraseMember', data: { userId, now } } as const;
    const open = await invitations.listOpen(householdId, now);
    try {
      const { events } = await commands.execute(householdAggregate, householdId, command, context);
      await forgetClosed(addresses, events);
      if (events.some(({ type }) => type === 'HouseholdDeleted')) {
        await addresses.forget(open.map(({ id }) => id)).catch(() => undefined);
      }
    } catch (error) {
      // The household was deleted meanwhile, and the membership with it.
      if (!(error instanceof DomainError) || error.code !== 'household_not_found') throw error;
    }
  };

  return {
    /** Leaves the households that the projected tables list. */
    current: async (userId: string, context: RequestContext): Promise<void> => {
      for (const { id } of await households.listOf(userId)) {
        // Best effort: the foreign key empties remaining references.
        await releaseMembers(id, userId).catch(() => undefined);
        await leave(id, userId, context);
      }
    },

    /** Leaves households joined during the erasure, which the projected tables do not list. */
    everJoined: async (userId: string, context: RequestContext): Promise<void> => {
      for (const id of await log.householdsOf(userId)) await leave(id, userId, context);
    },
  };
};
