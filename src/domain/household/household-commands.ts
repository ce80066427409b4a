import type { DomainCommand } from '../decider.ts';
import type { Instant } from '../instant.ts';

export type CreateHousehold = DomainCommand<
  'CreateHousehold',
  { name: string; ownerId: string; home: boolean; now: Instant }
>;

export type HouseholdCommand = CreateHousehold;
