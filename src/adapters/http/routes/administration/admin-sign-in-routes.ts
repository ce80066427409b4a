import formbody from '@fastify/formbody';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ANONYMOUS } from '../../access/access-rules.ts';
import type { AdminSession } from '../../access/admin-session.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { isForeign } from '../../access/same-site.ts';
import { adminBase, adminPaths, safeNext } from '../../pages/admin/parts/admin-paths.ts';
import { sendAdminPage } from '../../pages/admin/parts/send-admin-page.ts';
import { type SignInNotice, signInPage } from '../../pages/admin/sign-in-page.ts';
import { PLAIN } from '../../pages/link-request.ts';
import { problemByCode, recordProblem } from '../../problems/problem-details.ts';
import { strictObject } from '../../schemas/schemas.ts';

const FormText = Type.String({ maxLength: 1_000, pattern: PLAIN });
const Form = strictObject({
  identifier: FormText,
  password: FormText,
  next: Type.Optional(Type.String({ maxLength: 1_000 })),
});

const memberOf = (fields: unknown, member: string): string | undefined => {
  if (typeof fields !== 'object' || fields === null) return undefined;
  const { [member]: value } = fields as Readonly<Record<string, unknown>>;
  return typeof value === 'string' ? value : undefined;
};

/** Registers the sign-in form of the admin pages and the sign-out. */
export const adminSignInRoutes =
  (session: AdminSession, limits: RateLimits, publicUrl: string): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.removeAllContentTypeParsers();
    await app.register(formbody);

    const form = (request: FastifyRequest, reply: FastifyReply, notice?: SignInNotice) => {
      const next = safeNext(memberOf(request.body ?? request.query, 'next'));
      const identifier = memberOf(request.body, 'identifier') ?? '';
      const fromElsewhere = request.headers['sec-fetch-site'] === 'cross-site';
      const page = { base: adminBase(request), next, identifier, fromElsewhere };
      return sendAdminPage(reply, signInPage(notice === undefined ? page : { ...page, notice }));
    };

    app.setErrorHandler((error: FastifyError, request, reply) => {
      const code = recordProblem(error, request, reply);
      return form(request, reply.code(problemByCode[code].status), code);
    });

    app.get(
      '/admin/sign-in',
      { config: { access: ANONYMOUS }, schema: { hide: true } },
      (request, reply) => {
        const out = memberOf(request.query, 'signed-out') !== undefined;
        return form(request, reply, out ? 'signed_out' : undefined);
      },
    );

    app.post(
      '/admin/sign-in',
      {
        config: { access: ANONYMOUS },
        preHandler: limits.signIn,
        schema: { hide: true, body: Form },
      },
      async (request, reply) => {
        if (isForeign(request, publicUrl)) return form(request, reply.code(403), 'other_site');
        const { identifier, password, next } = request.body;
        await session.enter(request, reply, { identifier, password });
        return reply.redirect(`${adminBase(request)}${safeNext(next)}`, 303);
      },
    );

    app.post(
      '/admin/sign-out',
      { config: { access: ANONYMOUS }, schema: { hide: true } },
      async (request, reply) => {
        if (isForeign(request, publicUrl)) return form(request, reply.code(403), 'other_site');
        await session.identify(request, reply);
        await session.leave(request, reply);
        return reply.redirect(`${adminBase(request)}${adminPaths.signIn}?signed-out`, 303);
      },
    );
  };
