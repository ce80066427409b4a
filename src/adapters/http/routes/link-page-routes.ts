import formbody from '@fastify/formbody';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContext } from '../../../application/request-context.ts';
import type { ResetPassword } from '../../../application/use-cases/reset-password.ts';
import type { UseEmailLink } from '../../../application/use-cases/use-email-link.ts';
import { contextOf } from '../context-of-request.ts';
import { linkPage, linkUsedPage } from '../pages/link-page.ts';
import { type LinkKind, linkPaths } from '../pages/link-paths.ts';
import { pageLanguageFor } from '../pages/page-languages.ts';
import { problemByCode, recordProblem } from '../problem-details.ts';
import type { RateLimits } from '../rate-limits.ts';
import { OneTimeToken, strictObject } from '../schemas.ts';

/** NUL, and what stands for bytes that are no UTF-8: a sign-in could not repeat them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const PLAIN = /^[^\u0000\ufffd]*$/.source;

const Form = strictObject({
  token: OneTimeToken,
  newPassword: Type.Optional(Type.String({ maxLength: 1_000, pattern: PLAIN })),
});

type Use = (
  form: Readonly<{ token: string; newPassword?: string }>,
  context: RequestContext,
) => Promise<unknown>;

/** What could be a token of ours; anything else was cut off or made up, and is not to be repeated. */
const TOKEN = /^[A-Za-z0-9_-]{1,200}$/;

const tokenIn = (fields: unknown): string | undefined => {
  if (typeof fields !== 'object' || fields === null) return undefined;
  const { token } = fields as Readonly<{ token?: unknown }>;
  return typeof token === 'string' && TOKEN.test(token) ? token : undefined;
};

const languageOf = ({ headers }: FastifyRequest) => pageLanguageFor(headers['accept-language']);

const sendPage = (reply: FastifyReply, page: string): FastifyReply =>
  reply.header('vary', 'accept-language').type('text/html; charset=utf-8').send(page);

/**
 * GET and POST of the pages that links in mails lead to. GET shows a form and does nothing else: what
 * looks for viruses in mails opens every link. Nothing is done on the strength of a cookie, so there is
 * no request for another site to forge: whoever has the token needs no victim's browser to use it.
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

      app.get(path, { schema: { hide: true } }, (request, reply) => {
        const token = tokenIn(request.query);
        const code = token === undefined ? problemByCode.token_invalid.status : 200;
        return sendPage(reply.code(code), linkPage(languageOf(request), { kind, token }));
      });

      app.post(
        path,
        {
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
