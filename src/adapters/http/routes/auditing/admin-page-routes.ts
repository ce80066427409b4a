import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import type { ReadProfile } from '../../../../application/accounts/read-profile.ts';
import type { ReadUser } from '../../../../application/administration/read-user.ts';
import type { AdministeredUser } from '../../../../application/administration/user-administration-directory.ts';
import type { SearchEvents } from '../../../../application/auditing/search-events.ts';
import { securityEvents } from '../../../../application/auditing/security-events.ts';
import type { ReplayTheft } from '../../../../application/auditing/theft/replay-theft.ts';
import { ApplicationError } from '../../../../application/kernel/errors.ts';
import type { ListSessions } from '../../../../application/sessions/list-sessions.ts';
import { ADMINISTRATOR_PAGE } from '../../access/access-rules.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import type { ListCursors } from '../../lists/list-cursor.ts';
import { pageParameters } from '../../lists/list-page.ts';
import { adminRefusalPage } from '../../pages/admin/admin-refusal-page.ts';
import { auditOverviewPage, theftsPage } from '../../pages/admin/audit-pages.ts';
import { tokenFamilyPage } from '../../pages/admin/family/token-family-page.ts';
import type { Visit } from '../../pages/admin/parts/admin-layout.ts';
import { adminBase, adminPaths } from '../../pages/admin/parts/admin-paths.ts';
import { sendAdminPage } from '../../pages/admin/parts/send-admin-page.ts';
import { userAuditPage } from '../../pages/admin/user-audit-page.ts';
import { problemByCode, recordProblem } from '../../problems/problem-details.ts';
import { SessionId, strictObject } from '../../schemas/schemas.ts';
import { createReadEventList } from './read-event-list.ts';

export type AdminPages = Readonly<{
  administration: Readonly<{
    searchEvents: SearchEvents;
    replayTheft: ReplayTheft;
    readUser: ReadUser;
    listCursors: ListCursors;
  }>;
  listSessions: ListSessions;
  readProfile: ReadProfile;
}>;

const LATEST_THEFTS = 10;
const LIMIT = 50;
const thefts = { type: 'TokenTheftDetected' };

const Paged = strictObject({ cursor: pageParameters.cursor });
const UserId = strictObject({ id: Type.String({ pattern: '^[A-Za-z0-9_]{1,64}$' }) });

type VisitOf = (request: FastifyRequest) => Promise<Visit>;

const createVisitOf =
  (readProfile: ReadProfile): VisitOf =>
  async (request) => {
    const { claims } = request;
    const profile = claims && (await readProfile(claims.sub).catch(() => undefined));
    const name = profile && (profile.displayName ?? profile.username ?? profile.id);
    return { base: adminBase(request), name: name ?? undefined };
  };

/** Reads a user. @returns undefined for an erased user, whose events are still in the log */
const findUser = async (
  readUser: ReadUser,
  userId: string,
): Promise<AdministeredUser | undefined> => {
  try {
    return await readUser(userId);
  } catch (error) {
    if (error instanceof ApplicationError && error.code === 'user_not_found') return undefined;
    throw error;
  }
};

const answerRefusals = (app: FastifyInstance, visitOf: VisitOf): void => {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const code = recordProblem(error, request, reply);
    const out = code === 'admin_required';
    const visit = out ? { base: adminBase(request), name: undefined } : await visitOf(request);
    return sendAdminPage(reply.code(problemByCode[code].status), adminRefusalPage(visit, code));
  });
};

/** Registers GET of the admin pages, which change nothing. */
export const adminPageRoutes =
  (d: AdminPages): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { replayTheft, readUser } = d.administration;
    const list = createReadEventList(d.administration);
    const visitOf = createVisitOf(d.readProfile);
    answerRefusals(app, visitOf);

    app.get(
      '/admin',
      { config: { access: ADMINISTRATOR_PAGE }, schema: { hide: true } },
      (request, reply) => reply.redirect(`${adminBase(request)}${adminPaths.audit}`, 303),
    );

    app.get(
      '/admin/audit',
      { config: { access: ADMINISTRATOR_PAGE }, schema: { hide: true, querystring: Paged } },
      async (request, reply) => {
        const { cursor } = request.query;
        const latest = await list(request, thefts, { limit: LATEST_THEFTS });
        const events = await list(request, { types: securityEvents }, { cursor, limit: LIMIT });
        const page = auditOverviewPage(await visitOf(request), { thefts: latest, events });
        return sendAdminPage(reply, page);
      },
    );

    app.get(
      '/admin/audit/thefts',
      { config: { access: ADMINISTRATOR_PAGE }, schema: { hide: true, querystring: Paged } },
      async (request, reply) => {
        const { cursor } = request.query;
        const page = await list(request, thefts, { cursor, limit: LIMIT });
        return sendAdminPage(reply, theftsPage(await visitOf(request), page));
      },
    );

    app.get(
      '/admin/audit/token-families/:id',
      { config: { access: ADMINISTRATOR_PAGE }, schema: { hide: true, params: SessionId } },
      async (request, reply) => {
        const replay = await replayTheft(request.params.id);
        return sendAdminPage(reply, tokenFamilyPage(await visitOf(request), replay));
      },
    );

    app.get(
      '/admin/audit/users/:id',
      {
        config: { access: ADMINISTRATOR_PAGE },
        schema: { hide: true, params: UserId, querystring: Paged },
      },
      async (request, reply) => {
        const { id: userId } = request.params;
        const { cursor } = request.query;
        const user = await findUser(readUser, userId);
        const sessions = await d.listSessions(userId, claimsOf(request).sid);
        const events = await list(request, { userId }, { cursor, limit: LIMIT });
        const isUnknown = user === undefined && cursor === undefined && events.events.length === 0;
        if (isUnknown) throw new ApplicationError('user_not_found');
        const facts = { userId, user, sessions, events };
        return sendAdminPage(reply, userAuditPage(await visitOf(request), facts));
      },
    );
  };
