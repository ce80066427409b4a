import type { Decider } from '../../../domain/decider.ts';
import { householdDecider } from '../../../domain/household/household-decider.ts';
import type { HouseholdEvent } from '../../../domain/household/household-events.ts';
import { userDecider } from '../../../domain/user/user-decider.ts';
import type { UserEvent } from '../../../domain/user/user-events.ts';
import type { RecordedEvent } from '../../kernel/event-store.ts';
import {
  changedHouseholdFields,
  changedUserFields,
  type HouseholdField,
  type UserField,
  valueInHousehold,
  valueInUser,
} from './changed-fields.ts';

/** A field that a thief changed, with its values then and now. */
export type FieldChange<Field> = Readonly<{
  field: Field;
  /** The value before the first affected event: no value of the thief is restored. */
  target: string | null;
  current: string | null;
  /** False if another user has changed it since. */
  lastByThief: boolean;
  /** The affected events that changed it, oldest first. */
  eventIds: readonly string[];
}>;

type Rules<Event, State, Field> = Readonly<{
  decider: Pick<Decider<never, Event, State>, 'initialState' | 'evolve'>;
  fieldsOf: (event: Event) => readonly Field[];
  valueIn: (field: Field, state: State) => string | null;
}>;

type Found = Readonly<{ target: string | null; lastByThief: boolean; eventIds: readonly string[] }>;

/** @param affected ids of the events that the thief caused */
const changesIn = <Event, State, Field>(
  { decider, fieldsOf, valueIn }: Rules<Event, State, Field>,
  events: readonly RecordedEvent<Event>[],
  affected: ReadonlySet<string>,
): readonly FieldChange<Field>[] => {
  const found = new Map<Field, Found>();
  let state = decider.initialState;
  for (const { eventId, event } of events) {
    const byThief = affected.has(eventId);
    for (const field of fieldsOf(event)) {
      const known = found.get(field);
      if (known === undefined && !byThief) continue;
      const target = known === undefined ? valueIn(field, state) : known.target;
      const eventIds = [...(known?.eventIds ?? []), ...(byThief ? [eventId] : [])];
      found.set(field, { target, lastByThief: byThief, eventIds });
    }
    state = decider.evolve(state, event);
  }
  return [...found].map(([field, change]) => ({
    field,
    ...change,
    current: valueIn(field, state),
  }));
};

export const userChanges = (
  events: readonly RecordedEvent<UserEvent>[],
  affected: ReadonlySet<string>,
): readonly FieldChange<UserField>[] =>
  changesIn(
    { decider: userDecider, fieldsOf: changedUserFields, valueIn: valueInUser },
    events,
    affected,
  );

export const householdChanges = (
  events: readonly RecordedEvent<HouseholdEvent>[],
  affected: ReadonlySet<string>,
): readonly FieldChange<HouseholdField>[] =>
  changesIn(
    { decider: householdDecider, fieldsOf: changedHouseholdFields, valueIn: valueInHousehold },
    events,
    affected,
  );
