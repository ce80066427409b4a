import type { DomainCommand } from '../../domain/decider.ts';
import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import { evolveHousehold, type HouseholdState } from '../../domain/household/household-state.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Aggregate, householdAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import { DEFAULT_HOUSEHOLD, DEFAULT_HOUSEHOLD_ID } from './adoption-plan.ts';

type Dependencies = Readonly<{ commands: CommandHandler; clock: Clock }>;
type AddMembers = DomainCommand<'AddMembers', { userIds: readonly string[]; now: Instant }>;

/** Adds many members in one command: one by one, each would write a snapshot of all of them. */
const membersAtOnce: Aggregate<AddMembers, HouseholdEvent, HouseholdState> = {
  ...householdAggregate,
  decider: {
    initialState: householdAggregate.decider.initialState,
    decide: ({ data: { userIds, now } }, state) => {
      if (state.status !== 'existing') return [];
      const known = new Set(state.members.map(({ userId }) => userId));
      return userIds
        .filter((userId) => !known.has(userId))
        .map((userId) => ({
          type: 'MemberAdded',
          data: { userId, role: 'member', home: true, invitationId: null, addedAt: now },
        }));
    },
    evolve: evolveHousehold,
  },
};

export type FillDefaultHousehold = ReturnType<typeof createFillDefaultHousehold>;

/** Creates the shared household if it is missing, and adds the users who are not members yet. */
export const createFillDefaultHousehold =
  ({ commands, clock }: Dependencies) =>
  async (
    ownerId: string,
    batches: AsyncIterable<readonly string[]>,
    context: RequestContext,
    onAdded: (members: number) => void,
  ): Promise<void> => {
    const id = DEFAULT_HOUSEHOLD_ID;
    const { status } = await commands.load(householdAggregate, id);
    if (status === 'absent') {
      const data = { name: DEFAULT_HOUSEHOLD, ownerId, home: true, now: clock.now() };
      await commands.execute(householdAggregate, id, { type: 'CreateHousehold', data }, context);
    }
    for await (const userIds of batches) {
      const data = { userIds, now: clock.now() };
      await commands.execute(membersAtOnce, id, { type: 'AddMembers', data }, context);
      onAdded(userIds.length);
    }
  };
