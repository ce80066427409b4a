import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Histories } from '../../../application/auditing/history/histories.ts';
import type { ListThefts } from '../../../application/auditing/theft/list-thefts.ts';
import type { ReplayTheft } from '../../../application/auditing/theft/replay-theft.ts';
import type { RequireAdmin } from '../../../application/guards/require-admin.ts';
import type { SearchEvents } from '../../../application/use-cases/search-events.ts';
import type { SearchUsers } from '../../../application/use-cases/search-users.ts';
import type { ListCursors } from '../list-cursor.ts';
import type { RateLimits } from '../rate-limits.ts';
import { claimsOf } from '../require-access-token.ts';
import { adminEventsRoute } from './admin-events-route.ts';
import { adminHistoryRoutes } from './admin-history-routes.ts';
import { adminStandingRoutes, type Standing } from './admin-standing-routes.ts';
import { adminTheftsRoute } from './admin-thefts-route.ts';
import { adminTokenFamilyRoute } from './admin-token-family-route.ts';
import { adminUsersRoutes } from './admin-users-routes.ts';

export type Administration = Standing &
  Readonly<{
    requireAdmin: RequireAdmin;
    searchUsers: SearchUsers;
    searchEvents: SearchEvents;
    replayTheft: ReplayTheft;
    listThefts: ListThefts;
    histories: Histories;
    listCursors: ListCursors;
  }>;

/**
 * Everything under /v1/admin: for whoever is an administrator now, whatever the access token says.
 * Nothing of a request is looked at before.
 */
export const adminRoutes =
  (d: Administration, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addHook('onRequest', (request) => d.requireAdmin(claimsOf(request).sub));
    await app.register(adminUsersRoutes(d.searchUsers, d.readUser, d.listCursors));
    await app.register(adminStandingRoutes(d, limits));
    await app.register(adminEventsRoute(d.searchEvents, d.listCursors));
    await app.register(adminTokenFamilyRoute(d.replayTheft));
    await app.register(adminTheftsRoute(d.listThefts, d.listCursors));
    await app.register(adminHistoryRoutes(d.histories));
  };
