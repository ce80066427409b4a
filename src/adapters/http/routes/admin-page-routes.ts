import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { securityEvents } from '../../../application/administration/security-events.ts';
import { ApplicationError } from '../../../application/errors.ts';
import type { EventFilter } from '../../../application/ports/event-directory.ts';
import type { Position } from '../../../application/ports/event-store.ts';
import type { AdministeredUser } from '../../../application/ports/user-administration-directory.ts';
import type { ListSessions } from '../../../application/use-cases/list-sessions.ts';
import type { ReadProfile } from '../../../application/use-cases/read-profile.ts';
import type { AdminSession } from '../admin-session.ts';
import { cursorsOf, pageParameters } from '../list-page.ts';
import type { Visit } from '../pages/admin/admin-layout.ts';
import { adminBase, adminPaths, pageOf } from '../pages/admin/admin-paths.ts';
import { adminRefusalPage } from '../pages/admin/admin-refusal-page.ts';
import { auditOverviewPage, type EventList, theftsPage } from '../pages/admin/audit-pages.ts';
import { sendAdminPage } from '../pages/admin/send-admin-page.ts';
import { tokenFamilyPage } from '../pages/admin/token-family-page.ts';
import { userAuditPage } from '../pages/admin/user-audit-page.ts';
import { problemByCode, recordProblem } from '../problem-details.ts';
import { claimsOf } from '../require-access-token.ts';
import { SessionId, strictObject } from '../schemas.ts';
import type { Administration } from './admin-routes.ts';

export type AdminPages = Readonly<{
  administration: Pick<Administration, 'searchEvents' | 'replayTheft' | 'readUser' | 'listCursors'>;
  listSessions: ListSessions;
  readProfile: ReadProfile;
}>;

const LATEST_THEFTS = 10;
const PAGE = 50;

const Paged = strictObject({ cursor: pageParameters.cursor });
const UserId = strictObject({ id: Type.String({ pattern: '^[A-Za-z0-9_]{1,64}$' }) });

/** GET of the pages for whoever is an administrator now. They change nothing. */
export const adminPageRoutes =
  (d: AdminPages, session: AdminSession): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { searchEvents, replayTheft, readUser, listCursors } = d.administration;

    const visitOf = async (request: FastifyRequest): Promise<Visit> => {
      const { claims } = request;
      const profile = claims && (await d.readProfile(claims.sub).catch(() => undefined));
      const name = profile && (profile.displayName ?? profile.username ?? profile.id);
      return { base: adminBase(request), name: name ?? undefined };
    };

    /** Undefined for somebody who is erased: the log still tells what happened to them. */
    const findUser = async (userId: string): Promise<AdministeredUser | undefined> => {
      try {
        return await readUser(userId);
      } catch (error) {
        if (error instanceof ApplicationError && error.code === 'user_not_found') return undefined;
        throw error;
      }
    };

    /** The newest events, or those where the page before ended. */
    const list = async (
      request: FastifyRequest,
      filter: EventFilter,
      cursor?: string,
      limit = PAGE,
    ): Promise<EventList> => {
      const cursors = cursorsOf(listCursors, request, filter);
      const [before] = cursors.read(cursor) ?? [];
      const { events, next } = await searchEvents({
        filter,
        before: before as Position | undefined,
        limit,
      });
      return { events, nextCursor: cursors.write(next && [next]) };
    };

    app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
      if (await session.identify(request, reply)) return session.insistOnAdmin(request, reply);
      const query = new URLSearchParams({ next: pageOf(request) });
      return reply.redirect(`${adminBase(request)}${adminPaths.signIn}?${query}`, 303);
    });

    app.setErrorHandler(async (error: FastifyError, request, reply) => {
      const code = recordProblem(error, request, reply);
      const visit =
        code === 'admin_required'
          ? { base: adminBase(request), name: undefined }
          : await visitOf(request);
      return sendAdminPage(reply.code(problemByCode[code].status), adminRefusalPage(visit, code));
    });

    app.get('/admin', { schema: { hide: true } }, (request, reply) =>
      reply.redirect(`${adminBase(request)}${adminPaths.audit}`, 303),
    );

    app.get(
      '/admin/audit',
      { schema: { hide: true, querystring: Paged } },
      async (request, reply) => {
        const thefts = await list(
          request,
          { type: 'TokenTheftDetected' },
          undefined,
          LATEST_THEFTS,
        );
        const events = await list(request, { types: securityEvents }, request.query.cursor);
        const page = auditOverviewPage(await visitOf(request), { thefts, events });
        return sendAdminPage(reply, page);
      },
    );

    app.get(
      '/admin/audit/thefts',
      { schema: { hide: true, querystring: Paged } },
      async (request, reply) => {
        const filter = { type: 'TokenTheftDetected' };
        const thefts = await list(request, filter, request.query.cursor);
        return sendAdminPage(reply, theftsPage(await visitOf(request), thefts));
      },
    );

    app.get(
      '/admin/audit/token-families/:id',
      { schema: { hide: true, params: SessionId } },
      async (request, reply) => {
        const replay = await replayTheft(request.params.id);
        return sendAdminPage(reply, tokenFamilyPage(await visitOf(request), replay));
      },
    );

    app.get(
      '/admin/audit/users/:id',
      { schema: { hide: true, params: UserId, querystring: Paged } },
      async (request, reply) => {
        const { id: userId } = request.params;
        const user = await findUser(userId);
        const sessions = await d.listSessions(userId, claimsOf(request).sid);
        const events = await list(request, { userId }, request.query.cursor);
        const nobody = user === undefined && request.query.cursor === undefined;
        if (nobody && events.events.length === 0) throw new ApplicationError('user_not_found');
        const facts = { userId, user, sessions, events };
        const page = userAuditPage(await visitOf(request), facts);
        return sendAdminPage(reply, page);
      },
    );
  };
