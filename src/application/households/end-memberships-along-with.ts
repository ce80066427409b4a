import type { HouseholdCommand } from '../../domain/household/household-commands.ts';
import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import type { HouseholdState } from '../../domain/household/household-state.ts';
import type { ReleaseMembers } from '../household-data/release-members.ts';
import { householdAggregate } from '../kernel/aggregate.ts';
import type { CommandHandler, Decision } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { SessionDirectory } from '../sessions/session-directory.ts';
import type {
  SessionChange,
  StoreAlongWithSessions,
} from '../sessions/store-along-with-sessions.ts';
import type { HouseholdDirectory } from './household-directory.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  sessions: SessionDirectory;
  households: HouseholdDirectory;
  releaseMembers: ReleaseMembers;
  storeAlongWithSessions: StoreAlongWithSessions;
}>;

type Input = Readonly<{
  householdId: string;
  command: HouseholdCommand;
  /** The member whose membership ends; undefined: all members. */
  userId?: string | undefined;
}>;

export type EndMembershipsAlongWith = ReturnType<typeof createEndMembershipsAlongWith>;

/**
 * Stores a command that ends memberships, together with the switch of the sessions that act for the
 * household to their user's default household. A session without one ends with `membership_lost`.
 * @throws DomainError as the decider; ApplicationError `concurrent_update`
 */
export const createEndMembershipsAlongWith = ({
  commands,
  sessions,
  households,
  releaseMembers,
  storeAlongWithSessions,
}: Dependencies) => {
  const findChanges = async ({
    householdId,
    command,
    userId,
  }: Input): Promise<readonly SessionChange[]> => {
    const { now } = command.data;
    const active = await sessions.listActiveIn(householdId, userId);
    return Promise.all(
      active.map(async ({ familyId, userId: holder }) => {
        const fallback = await households.defaultOf(holder, householdId);
        return {
          familyId,
          command: { type: 'LoseMembership', data: { householdId, fallback, now } },
        };
      }),
    );
  };

  return async (
    input: Input,
    context: RequestContext,
  ): Promise<Decision<HouseholdEvent, HouseholdState>> => {
    const { householdId, command, userId } = input;
    const prepare = () => commands.prepare(householdAggregate, householdId, command, context);
    // Only if the command is permitted. Best effort: the foreign key empties remaining references.
    const { events: wanted } = await prepare();
    if (wanted.length > 0) await releaseMembers(householdId, userId).catch(() => undefined);
    return storeAlongWithSessions(
      {
        prepare,
        // Without events no membership ends.
        findChanges: async ({ events }) => (events.length === 0 ? [] : findChanges(input)),
      },
      context,
    );
  };
};
