import type { Decider, DomainCommand, DomainEvent } from '../../domain/decider.ts';
import type { HouseholdCommand } from '../../domain/household/household-commands.ts';
import { householdDecider } from '../../domain/household/household-decider.ts';
import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import type { HouseholdState } from '../../domain/household/household-state.ts';
import type { Instant } from '../../domain/instant.ts';
import type { TokenFamilyCommand } from '../../domain/token-family/token-family-commands.ts';
import { tokenFamilyDecider } from '../../domain/token-family/token-family-decider.ts';
import type { TokenFamilyEvent } from '../../domain/token-family/token-family-events.ts';
import type { TokenFamilyState } from '../../domain/token-family/token-family-state.ts';
import type { UserCommand } from '../../domain/user/user-commands.ts';
import { userDecider } from '../../domain/user/user-decider.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import type { UserState } from '../../domain/user/user-state.ts';
import type { StreamCategory } from './event-store.ts';

/** A command with the time at which it was given, which becomes `occurredAt` of its events. */
export type TimedCommand = DomainCommand<string, { now: Instant }>;

/** A decider with the category of its streams and the version of its snapshots. */
export type Aggregate<
  Command extends TimedCommand,
  Event extends DomainEvent<string, object>,
  State,
> = Readonly<{
  category: StreamCategory;
  decider: Decider<Command, Event, State>;
  /** Raise it whenever the shape or the meaning of `State` changes. */
  snapshotVersion: number;
  /** Returns the actor of an event; undefined: the actor of the command. */
  attribute?: (event: Event) => string | undefined;
}>;

/** Users: one stream per account. */
export const userAggregate: Aggregate<UserCommand, UserEvent, UserState> = {
  category: 'user',
  decider: userDecider,
  snapshotVersion: 2,
};

/** Households: one stream per household, with its members and invitations. */
export const householdAggregate: Aggregate<HouseholdCommand, HouseholdEvent, HouseholdState> = {
  category: 'household',
  decider: householdDecider,
  snapshotVersion: 3,
};

/** Token families: one stream per sign-in. */
export const tokenFamilyAggregate: Aggregate<
  TokenFamilyCommand,
  TokenFamilyEvent,
  TokenFamilyState
> = {
  category: 'tokenFamily',
  decider: tokenFamilyDecider,
  snapshotVersion: 2,
  // The client that presented the token is unknown: the verdict is the system's, not the user's.
  attribute: ({ type, data }) =>
    type === 'TokenTheftDetected' || (type === 'TokenFamilyRevoked' && data.reason === 'theft')
      ? 'system'
      : undefined,
};
