import type { HouseholdCommand } from '../../../domain/household/household-commands.ts';
import type { HouseholdRole } from '../../../domain/household/household-events.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { UserTier } from '../../../domain/user/user-events.ts';

/** Values of a path's placeholders, by name. */
export type RouteParameters = Readonly<Record<string, string>>;

/** The caller, the path's values and the time: what a decision about a household needs. */
export type RouteAttempt = Readonly<{ by: string; parameters: RouteParameters; now: Instant }>;

/**
 * What a route requires of its caller, apart from the content of the request's body. It stands on
 * the route as `config.access`; the HTTP adapter enforces it, and the OpenAPI document and
 * explanations read it.
 */
export type RouteAccess = Readonly<{
  caller: 'anonymous' | 'resource_server' | 'user' | 'administrator';
  /** Where the access token comes from: the Authorization header unless it says `cookie`. */
  session?: 'cookie';
  /**
   * Requires the current password or a fresh sign-in; `accounts`: not of guests, who have no
   * password.
   */
  stepUp?: 'always' | 'accounts';
  /** The lowest tier, as recorded in the access token or as the account is now. */
  tier?: Readonly<{ atLeast: UserTier; asOf: 'token' | 'now' }>;
  /** Only guests may call it. */
  guestOnly?: true;
  /** Requires that the caller's address, if there is one, is verified. */
  verifiedAddress?: true;
  /**
   * A member of the household in the path, or of the session's active one, of that role at least.
   */
  household?: Readonly<{ of: 'path' | 'session'; role: HouseholdRole }>;
  /** A command of the route to the household: if it is refused, every request is refused. */
  attempt?: (attempt: RouteAttempt) => HouseholdCommand;
}>;

/** Access by method and path, as the OpenAPI document writes them: `GET /v1/households/{id}`. */
export type RouteAccessTable = Readonly<Record<string, RouteAccess>>;

export type FoundRoute = Readonly<{
  /** As documented: `GET /v1/households/{id}`. */
  route: string;
  access: RouteAccess;
  parameters: RouteParameters;
}>;

/** @param route method and path, `GET /v1/households/hh_1`; undefined if it does not exist */
export type FindRoute = (route: string) => Promise<FoundRoute | undefined>;
