import type { Decider } from '../decider.ts';
import { DomainError } from '../domain-error.ts';
import type { HouseholdCommand } from './household-commands.ts';
import type { HouseholdEvent, HouseholdRole } from './household-events.ts';

export type HouseholdState =
  | Readonly<{ status: 'absent' }>
  | Readonly<{
      status: 'existing';
      name: string;
      ownerId: string;
      /** Role by user id; the owner is among them. */
      members: Readonly<Record<string, HouseholdRole>>;
    }>;

export const householdDecider: Decider<HouseholdCommand, HouseholdEvent, HouseholdState> = {
  initialState: { status: 'absent' },
  decide: ({ data: { now, ...household } }, state) => {
    if (state.status === 'existing') throw new DomainError('household_exists');
    return [{ type: 'HouseholdCreated', data: { ...household, createdAt: now } }];
  },
  evolve: (_state, { data: { name, ownerId } }) => ({
    status: 'existing',
    name,
    ownerId,
    members: { [ownerId]: 'owner' },
  }),
};
