import type { Decider } from '../../../domain/decider.ts';
import { householdDecider } from '../../../domain/household/household-decider.ts';
import type { HouseholdEvent } from '../../../domain/household/household-events.ts';
import { userDecider } from '../../../domain/user/user-decider.ts';
import type { UserEvent } from '../../../domain/user/user-events.ts';
import type { RecordedEvent } from '../../kernel/event-store.ts';
import {
  type HouseholdSlot,
  householdSlotsOf,
  type UserSlot,
  userSlotsOf,
  valueInHousehold,
  valueInUser,
} from './undo-slots.ts';

/** What became of something that a thief changed. */
export type SlotChange<Slot> = Readonly<{
  slot: Slot;
  /** What it held before the first of the radius: nothing a thief put there in between comes back. */
  target: string | null;
  current: string | null;
  /** False: somebody else has changed it since. */
  lastByThief: boolean;
  /** The events of the radius that changed it, oldest first. */
  eventIds: readonly string[];
}>;

type Rules<Event, State, Slot> = Readonly<{
  decider: Pick<Decider<never, Event, State>, 'initialState' | 'evolve'>;
  slotsOf: (event: Event) => readonly Slot[];
  valueIn: (slot: Slot, state: State) => string | null;
}>;

type Found = Readonly<{ target: string | null; lastByThief: boolean; eventIds: readonly string[] }>;

/** @param radius ids of the events that a thief is answerable for */
const changesIn = <Event, State, Slot>(
  { decider, slotsOf, valueIn }: Rules<Event, State, Slot>,
  events: readonly RecordedEvent<Event>[],
  radius: ReadonlySet<string>,
): readonly SlotChange<Slot>[] => {
  const found = new Map<Slot, Found>();
  let state = decider.initialState;
  for (const { eventId, event } of events) {
    const byThief = radius.has(eventId);
    for (const slot of slotsOf(event)) {
      const known = found.get(slot);
      if (known === undefined && !byThief) continue;
      const target = known === undefined ? valueIn(slot, state) : known.target;
      const eventIds = [...(known?.eventIds ?? []), ...(byThief ? [eventId] : [])];
      found.set(slot, { target, lastByThief: byThief, eventIds });
    }
    state = decider.evolve(state, event);
  }
  return [...found].map(([slot, change]) => ({ slot, ...change, current: valueIn(slot, state) }));
};

export const userChanges = (
  events: readonly RecordedEvent<UserEvent>[],
  radius: ReadonlySet<string>,
): readonly SlotChange<UserSlot>[] =>
  changesIn({ decider: userDecider, slotsOf: userSlotsOf, valueIn: valueInUser }, events, radius);

export const householdChanges = (
  events: readonly RecordedEvent<HouseholdEvent>[],
  radius: ReadonlySet<string>,
): readonly SlotChange<HouseholdSlot>[] =>
  changesIn(
    { decider: householdDecider, slotsOf: householdSlotsOf, valueIn: valueInHousehold },
    events,
    radius,
  );
