import { fold } from '../../../domain/decider.ts';
import { userDecider } from '../../../domain/user/user-decider.ts';
import type { UserEvent } from '../../../domain/user/user-events.ts';
import { accountIn } from '../../../domain/user/user-state.ts';
import type { RecordedEvent } from '../../kernel/event-store.ts';
import {
  householdEventsIn,
  idsOf,
  type TouchedStream,
  userEventsIn,
} from '../affected-events/find-blast-radius.ts';
import type { HouseholdField, UserField } from './changed-fields.ts';
import { type FieldChange, householdChanges, userChanges } from './field-changes.ts';
import {
  type AddressBefore,
  householdFeasibility,
  type UndoFeasibility,
  userFeasibility,
} from './undo-feasibility.ts';

/** `changed_since`: another user has changed the field since, and that change stays. */
export type UndoState = 'open' | 'as_it_was' | 'changed_since' | 'not_undoable' | 'no_need';

type Planned<Field> = Readonly<{
  change: FieldChange<Field>;
  feasibility: UndoFeasibility;
  state: UndoState;
}>;

/** A field that a thief changed, and whether that can be undone. */
export type PlannedChange =
  | (Planned<UserField> &
      Readonly<{ kind: 'user'; userId: string; events: readonly RecordedEvent<UserEvent>[] }>)
  | (Planned<HouseholdField> & Readonly<{ kind: 'household'; householdId: string }>);

const isAsItWas = ({ field, target, current }: FieldChange<string>): boolean =>
  current === target ||
  // A password is not restored: it is enough that the thief's password and link are invalid.
  (current === null && (field === 'password' || field === 'pending_email'));

const stateOf = (change: FieldChange<string>, { undo }: UndoFeasibility): UndoState => {
  if (undo === null) return 'not_undoable';
  if (isAsItWas(change)) return 'as_it_was';
  return change.lastByThief ? 'open' : 'changed_since';
};

/** The address before the first affected event. */
const addressBefore = (
  events: readonly RecordedEvent<UserEvent>[],
  affected: ReadonlySet<string>,
): AddressBefore => {
  const first = events.findIndex(({ eventId }) => affected.has(eventId));
  const before = events.slice(0, first).map(({ event }) => event);
  const account = accountIn(fold(userDecider, userDecider.initialState, before));
  return {
    had: account !== undefined && account.email !== null,
    verified: account?.emailVerified === true,
  };
};

/** Plans the undo of what was changed in a stream with stolen tokens. */
export const planFor = (touched: TouchedStream): readonly PlannedChange[] => {
  const affected = idsOf(touched);
  const { category, id } = touched.stream;
  switch (category) {
    case 'user': {
      const events = userEventsIn(touched);
      const address = addressBefore(events, affected);
      return userChanges(events, affected).map((change) => {
        const feasibility = userFeasibility(change.field, change.target, address);
        const state = stateOf(change, feasibility);
        return { kind: 'user', userId: id, change, feasibility, state, events };
      });
    }
    case 'household':
      return householdChanges(householdEventsIn(touched), affected).map((change) => {
        const feasibility = householdFeasibility(change.field, change.target);
        const state = stateOf(change, feasibility);
        return { kind: 'household', householdId: id, change, feasibility, state };
      });
    case 'tokenFamily':
      return [];
  }
};

/** The state of an event: the most urgent among the states of its changes. */
export const stateOfEvent = (eventId: string, plan: readonly PlannedChange[]): UndoState => {
  const own = plan.filter(({ change }) => change.eventIds.includes(eventId));
  const states = new Set(own.map(({ state }) => state));
  const inOrder = ['open', 'not_undoable', 'changed_since', 'as_it_was'] as const;
  return inOrder.find((state) => states.has(state)) ?? 'no_need';
};
