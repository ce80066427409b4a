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
import { householdChanges, type SlotChange, userChanges } from './undo-changes.ts';
import {
  type AddressBefore,
  householdOutlook,
  type UndoOutlook,
  userOutlook,
} from './undo-outlook.ts';
import type { HouseholdSlot, UserSlot } from './undo-slots.ts';

/** `changed_since`: somebody else has put something else there, which stays. */
export type UndoState = 'open' | 'as_it_was' | 'changed_since' | 'not_undoable' | 'no_need';

type Planned<Slot> = Readonly<{
  change: SlotChange<Slot>;
  outlook: UndoOutlook;
  state: UndoState;
}>;

/** Something that a thief changed, and what can be done about it. */
export type PlannedChange =
  | (Planned<UserSlot> &
      Readonly<{ kind: 'user'; userId: string; events: readonly RecordedEvent<UserEvent>[] }>)
  | (Planned<HouseholdSlot> & Readonly<{ kind: 'household'; householdId: string }>);

const isAsItWas = ({ slot, target, current }: SlotChange<string>): boolean =>
  current === target ||
  // A password does not come back: it is enough that the thief's is gone, and the link with it.
  (current === null && (slot === 'password' || slot === 'pending_email'));

const stateOf = (change: SlotChange<string>, { undo }: UndoOutlook): UndoState => {
  if (undo === null) return 'not_undoable';
  if (isAsItWas(change)) return 'as_it_was';
  return change.lastByThief ? 'open' : 'changed_since';
};

/** As it was before the first of the events in `radius`. */
const addressBefore = (
  events: readonly RecordedEvent<UserEvent>[],
  radius: ReadonlySet<string>,
): AddressBefore => {
  const first = events.findIndex(({ eventId }) => radius.has(eventId));
  const before = events.slice(0, first).map(({ event }) => event);
  const account = accountIn(fold(userDecider, userDecider.initialState, before));
  return {
    had: account !== undefined && account.email !== null,
    proven: account?.emailVerified === true,
  };
};

/** What of a stream was changed with stolen tokens. */
export const planFor = (touched: TouchedStream): readonly PlannedChange[] => {
  const radius = idsOf(touched);
  const { category, id } = touched.stream;
  switch (category) {
    case 'user': {
      const events = userEventsIn(touched);
      const address = addressBefore(events, radius);
      return userChanges(events, radius).map((change) => {
        const outlook = userOutlook(change.slot, change.target, address);
        const state = stateOf(change, outlook);
        return { kind: 'user', userId: id, change, outlook, state, events };
      });
    }
    case 'household':
      return householdChanges(householdEventsIn(touched), radius).map((change) => {
        const outlook = householdOutlook(change.slot, change.target);
        const state = stateOf(change, outlook);
        return { kind: 'household', householdId: id, change, outlook, state };
      });
    case 'tokenFamily':
      return [];
  }
};

/** Of an event that changed this: whatever is left to do comes first. */
export const stateOfEvent = (eventId: string, plan: readonly PlannedChange[]): UndoState => {
  const own = plan.filter(({ change }) => change.eventIds.includes(eventId));
  const states = new Set(own.map(({ state }) => state));
  const inOrder = ['open', 'not_undoable', 'changed_since', 'as_it_was'] as const;
  return inOrder.find((state) => states.has(state)) ?? 'no_need';
};
