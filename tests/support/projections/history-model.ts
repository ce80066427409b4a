import {
  householdAggregate,
  tokenFamilyAggregate,
  userAggregate,
} from '../../../src/application/kernel/aggregate.ts';
import type { RecordedEvent } from '../../../src/application/kernel/event-store.ts';
import type { HouseholdEvent } from '../../../src/domain/household/household-events.ts';
import type { HouseholdState } from '../../../src/domain/household/household-state.ts';
import type { TokenFamilyEvent } from '../../../src/domain/token-family/token-family-events.ts';
import type { TokenFamilyState } from '../../../src/domain/token-family/token-family-state.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import type { UserState } from '../../../src/domain/user/user-state.ts';

/** Every aggregate, folded event by event in the order of the log. */
export type HistoryModel = Readonly<{
  users: Map<string, UserState>;
  households: Map<string, HouseholdState>;
  families: Map<string, TokenFamilyState>;
}>;

export const emptyModel = (): HistoryModel => ({
  users: new Map(),
  households: new Map(),
  families: new Map(),
});

const step = <Event, State>(
  states: Map<string, State>,
  id: string,
  { initialState, evolve }: { initialState: State; evolve: (state: State, event: Event) => State },
  event: unknown,
): void => {
  states.set(id, evolve(states.get(id) ?? initialState, event as Event));
};

export const advance = (model: HistoryModel, { stream, event }: RecordedEvent): void => {
  const { users, households, families } = model;
  if (stream.category === 'user') {
    step<UserEvent, UserState>(users, stream.id, userAggregate.decider, event);
  } else if (stream.category === 'household') {
    const { decider } = householdAggregate;
    step<HouseholdEvent, HouseholdState>(households, stream.id, decider, event);
  } else {
    const { decider } = tokenFamilyAggregate;
    step<TokenFamilyEvent, TokenFamilyState>(families, stream.id, decider, event);
  }
};

const userIn = (state: UserState, now: string) => {
  if (state.status === 'unregistered' || state.status === 'erased') return { status: state.status };
  const { email, username, displayName, role, tier, lockedUntil } = state;
  const status = state.pending !== null && state.status === 'active' ? 'pending' : state.status;
  const locked = lockedUntil !== null && now < lockedUntil;
  return { status, email, username, displayName, role, tier, locked };
};

/** The state of a user in the model, in a form that can be compared. */
export const userOf = (model: HistoryModel, userId: string, now: string) => ({
  ...userIn(model.users.get(userId) ?? { status: 'unregistered' }, now),
  memberships: [...model.households]
    .flatMap(([id, household]) =>
      household.status === 'existing'
        ? household.members
            .filter((member) => member.userId === userId)
            .map(({ role }) => `${id} ${role}`)
        : [],
    )
    .sort(),
  sessions: [...model.families]
    .flatMap(([id, family]) =>
      family.status === 'live' && family.userId === userId && now < family.expiresAt
        ? [`${id} ${family.generation} ${family.householdId}`]
        : [],
    )
    .sort(),
});
