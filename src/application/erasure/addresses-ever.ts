import { userDecider } from '../../domain/user/user-decider.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import { accountIn, type UserState } from '../../domain/user/user-state.ts';
import { ERASED, type RecordedEvent } from '../kernel/event-store.ts';

const addressesIn = (state: UserState): readonly string[] => {
  const account = accountIn(state);
  if (account === undefined) return [];
  const { email, pending, upgrade, newEmail, undos } = account;
  const known = [email, pending?.email, upgrade?.email, newEmail, ...undos.map((u) => u.email)];
  return known.flatMap((address) => address ?? []);
};

/** Collects every address that an account had or requested, from the events of its stream. */
export const addressesEver = (events: readonly RecordedEvent[]): readonly string[] => {
  const addresses = new Set<string>();
  let state = userDecider.initialState;
  for (const { event } of events) {
    // The registry guarantees that a user's stream contains user events.
    state = userDecider.evolve(state, event as UserEvent);
    for (const address of addressesIn(state)) addresses.add(address);
  }
  addresses.delete(ERASED);
  return [...addresses];
};
