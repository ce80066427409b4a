import formbody from '@fastify/formbody';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyError } from 'fastify';
import type { ResetPassword } from '../../../../application/credentials/reset-password.ts';
import type { UseEmailLink } from '../../../../application/credentials/use-email-link.ts';
import type { RequestContext } from '../../../../application/kernel/request-context.ts';
import { ANONYMOUS } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { type LinkKind, linkPaths } from '../../pages/languages/link-paths.ts';
import { linkPage, linkUsedPage } from '../../pages/link-page.ts';
import { languageOf, PLAIN, sendPage, tokenIn } from '../../pages/link-request.ts';
import { problemByCode, recordProblem } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { OneTimeToken, strictObject } from '../../schemas/schemas.ts';

const Form = strictObject({
  token: OneTimeToken,
  newPassword: Type.Optional(Type.String({ maxLength: 1_000, pattern: PLAIN })),
});

type Use = (
  form: Readonly<{ token: string; newPassword?: string }>,
  context: RequestContext,
) => Promise<unknown>;

/**
 * Registers GET and POST of the pages that links in mails open. GET only shows a form, because virus
 * scanners open every link in a mail. The pages rely on the token and not on cookies, so cross-site
 * request forgery is not possible.
 */
export const linkPageRoutes =
  (
    useEmailLink: UseEmailLink,
    resetPassword: ResetPassword,
    limits: RateLimits,
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.removeAllContentTypeParsers();
    await app.register(formbody);

    const addPage = (kind: LinkKind, use: Use): void => {
      const path = linkPaths[kind];

      app.get(path, { config: { access: ANONYMOUS }, schema: { hide: true } }, (request, reply) => {
        const token = tokenIn(request.query);
        const code = token === undefined ? problemByCode.token_invalid.status : 200;
        return sendPage(reply.code(code), linkPage(languageOf(request), { kind, token }));
      });

      app.post(
        path,
        {
          config: { access: ANONYMOUS },
          preHandler: limits.confirm,
          schema: { hide: true, body: Form },
          errorHandler: (error: FastifyError, request, reply) => {
            const code = recordProblem(error, request, reply);
            const link = { kind, token: tokenIn(request.body) };
            const page = linkPage(languageOf(request), link, code);
            return sendPage(reply.code(problemByCode[code].status), page);
          },
        },
        async (request, reply) => {
          await use(request.body, contextOf(request));
          return sendPage(reply, linkUsedPage(languageOf(request), kind));
        },
      );
    };

    addPage('email_verification', ({ token }, context) =>
      useEmailLink(token, context, 'email_verification'),
    );
    addPage('email_change', ({ token }, context) => useEmailLink(token, context, 'email_change'));
    addPage('email_change_undo', ({ token }, context) =>
      useEmailLink(token, context, 'email_change_undo'),
    );
    addPage('password_reset', ({ token, newPassword = '' }, context) =>
      resetPassword({ token, newPassword }, context),
    );
  };
