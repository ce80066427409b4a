import type { HouseholdCommand } from '../../../domain/household/household-commands.ts';
import type { HouseholdRole } from '../../../domain/household/household-events.ts';
import type { Instant } from '../../../domain/instant.ts';

/** Values of a path's placeholders, by name. */
export type RouteParameters = Readonly<Record<string, string>>;

/** Who asks for what, when: what a decision about a household needs. */
export type RouteAttempt = Readonly<{ by: string; parameters: RouteParameters; now: Instant }>;

/** What a route asks of whoever calls it, apart from what the request itself holds. */
export type RouteRequirement = Readonly<{
  caller: 'anybody' | 'resource_server' | 'signed_in' | 'admin';
  /** The current password, or a sign-in that is fresh; of guests, who have none, perhaps not. */
  stepUp?: 'everybody' | 'accounts';
  /** Not for guests. */
  account?: true;
  /** Only for guests. */
  guest?: true;
  /** A proven address, for whoever has one. */
  verifiedAddress?: true;
  /** A member of the household in the path, or of the one the session acts for, with that role at least. */
  household?: Readonly<{ of: 'path' | 'session'; role: HouseholdRole }>;
  /** What the household itself is asked: the least of what the route can do. */
  attempt?: (attempt: RouteAttempt) => HouseholdCommand;
}>;

export type FoundRoute = Readonly<{
  /** As documented: `GET /v1/households/{id}`. */
  route: string;
  requirement: RouteRequirement;
  parameters: RouteParameters;
}>;

/** @param route method and path, `GET /v1/households/hh_1`; undefined where there is no such route */
export type FindRoute = (route: string) => FoundRoute | undefined;
