import type { RouteAccess } from '../../../application/auditing/explanation/route-access.ts';
import type { HouseholdRole } from '../../../domain/household/household-events.ts';

/** Every client may call it. */
export const ANONYMOUS: RouteAccess = { caller: 'anonymous' };

/** A registered resource server, by its id and secret. */
export const RESOURCE_SERVER: RouteAccess = { caller: 'resource_server' };

/** A signed-in user, guests included. */
export const USER: RouteAccess = { caller: 'user' };

/** A guest, who has no credentials yet. */
export const GUEST = { caller: 'user', guestOnly: true } as const satisfies RouteAccess;

/** A user with credentials, as the access token says. */
export const ACCOUNT = {
  caller: 'user',
  tier: { atLeast: 'free', asOf: 'token' },
} as const satisfies RouteAccess;

/** A user with credentials, as the account is now, who steps up. */
export const ACCOUNT_STEP_UP = {
  caller: 'user',
  tier: { atLeast: 'free', asOf: 'now' },
  stepUp: 'always',
} as const satisfies RouteAccess;

/** A user who is an administrator now, whatever the access token says. */
export const ADMINISTRATOR: RouteAccess = { caller: 'administrator' };

/** An administrator who steps up: a stolen access token is not enough. */
export const ADMINISTRATOR_STEP_UP: RouteAccess = { caller: 'administrator', stepUp: 'always' };

/** An administrator whose browser holds the session in cookies. */
export const ADMINISTRATOR_PAGE: RouteAccess = { caller: 'administrator', session: 'cookie' };

/** A member of the household in the path (`:id`) whose role is at least `role`. */
export const memberOfPath = (
  role: HouseholdRole,
  rest: Omit<RouteAccess, 'caller' | 'household'> = {},
): RouteAccess => ({ caller: 'user', household: { of: 'path', role }, ...rest });

/** A member of the session's active household whose role is at least `role`. */
export const memberOfSession = (role: HouseholdRole): RouteAccess => ({
  caller: 'user',
  household: { of: 'session', role },
});
