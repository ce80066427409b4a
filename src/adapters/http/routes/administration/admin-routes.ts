import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { SearchUsers } from '../../../../application/administration/search-users.ts';
import type { Histories } from '../../../../application/auditing/history/histories.ts';
import type { SearchEvents } from '../../../../application/auditing/search-events.ts';
import type { ListThefts } from '../../../../application/auditing/theft/list-thefts.ts';
import type { ReplayTheft } from '../../../../application/auditing/theft/replay-theft.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import type { ListCursors } from '../../lists/list-cursor.ts';
import { adminEventsRoute } from '../auditing/admin-events-route.ts';
import { adminHistoryRoutes } from '../auditing/admin-history-routes.ts';
import { adminTheftsRoute } from '../auditing/admin-thefts-route.ts';
import { adminTokenFamilyRoute } from '../auditing/admin-token-family-route.ts';
import {
  type AccountStatusChanges,
  adminAccountStatusRoutes,
} from './admin-account-status-routes.ts';
import { adminUsersRoutes } from './admin-users-routes.ts';

export type Administration = AccountStatusChanges &
  Readonly<{
    searchUsers: SearchUsers;
    searchEvents: SearchEvents;
    replayTheft: ReplayTheft;
    listThefts: ListThefts;
    histories: Histories;
    listCursors: ListCursors;
  }>;

/** Registers all routes below /v1/admin. */
export const adminRoutes =
  (d: Administration, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(adminUsersRoutes(d.searchUsers, d.readUser, d.listCursors));
    await app.register(adminAccountStatusRoutes(d, limits));
    await app.register(adminEventsRoute(d.searchEvents, d.listCursors));
    await app.register(adminTokenFamilyRoute(d.replayTheft));
    await app.register(adminTheftsRoute(d.listThefts, d.listCursors));
    await app.register(adminHistoryRoutes(d.histories));
  };
