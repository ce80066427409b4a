import type { DomainEvent } from '../decider.ts';
import type { Instant } from '../instant.ts';

// These names are the storage format: never renamed, never reused with another meaning.

export type HouseholdRole = 'owner' | 'admin' | 'member' | 'viewer';

/** A household and its first member, the owner. `home`: created along with the owner's account. */
export type HouseholdCreated = DomainEvent<
  'HouseholdCreated',
  { name: string; ownerId: string; home: boolean; createdAt: Instant }
>;

export type HouseholdEvent = HouseholdCreated;
