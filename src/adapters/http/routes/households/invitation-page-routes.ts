import formbody from '@fastify/formbody';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyError, FastifyRequest } from 'fastify';
import type { AcceptInvitationByMail } from '../../../../application/households/invitations/accept-invitation-by-mail.ts';
import type { DeclineInvitation } from '../../../../application/households/invitations/decline-invitation.ts';
import type { ReadInvitation } from '../../../../application/households/invitations/read-invitation.ts';
import type { RegisterInvitedUser } from '../../../../application/households/invitations/register-invited-user.ts';
import type { RequestContext } from '../../../../application/kernel/request-context.ts';
import { ANONYMOUS } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { invitationPage, invitationPath } from '../../pages/invitation-page.ts';
import type { PageLanguage } from '../../pages/languages/page-language.ts';
import { languageOf, PLAIN, sendPage, tokenIn } from '../../pages/link-request.ts';
import { layOutPage } from '../../pages/page-layout.ts';
import { problemByCode, recordProblem } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { preferredLocale } from '../../requests/preferred-locale.ts';
import { OneTimeToken, strictObject } from '../../schemas/schemas.ts';

export type InvitationPages = Readonly<{
  readInvitation: ReadInvitation;
  acceptInvitationByMail: AcceptInvitationByMail;
  declineInvitation: DeclineInvitation;
  registerInvitedUser: RegisterInvitedUser;
}>;

const FormText = Type.Optional(Type.String({ maxLength: 1_000, pattern: PLAIN }));

const Form = strictObject({
  token: OneTimeToken,
  decision: Type.Enum(['accept', 'decline', 'sign_up']),
  displayName: FormText,
  newPassword: FormText,
});

const displayNameIn = (body: unknown): string => {
  if (typeof body !== 'object' || body === null) return '';
  const { displayName } = body as Readonly<{ displayName?: unknown }>;
  return typeof displayName === 'string' ? displayName : '';
};

/**
 * Registers GET and POST of the page that the link of an invitation opens. As on the link pages, GET
 * changes nothing, and the page relies on the token, not on a cookie.
 */
export const invitationPageRoutes =
  (d: InvitationPages, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.removeAllContentTypeParsers();
    await app.register(formbody);

    const signUp = async (
      token: string,
      wished: Readonly<{ displayName: string; password: string; locale: string | undefined }>,
      context: RequestContext,
    ): Promise<void> => {
      const { email } = await d.readInvitation(token);
      await d.registerInvitedUser({ email, ...wished }, token, context);
    };

    /** Renders the page for a missing or invalid token. */
    const withoutInvitation = (language: PageLanguage, token: string | undefined): string =>
      layOutPage(language, token === undefined ? language.incomplete : language.invitation.over);

    app.get(
      invitationPath,
      {
        config: { access: ANONYMOUS },
        preHandler: limits.confirm,
        schema: { hide: true },
        errorHandler: (error: FastifyError, request, reply) => {
          const code = recordProblem(error, request, reply);
          const page = withoutInvitation(languageOf(request), tokenIn(request.query));
          return sendPage(reply.code(problemByCode[code].status), page);
        },
      },
      async (request, reply) => {
        const language = languageOf(request);
        const token = tokenIn(request.query);
        if (token === undefined)
          return sendPage(reply.code(400), withoutInvitation(language, token));
        return sendPage(reply, invitationPage(language, await d.readInvitation(token), token));
      },
    );

    /** Renders the page again with the reason of the refusal, or the page for an invalid token. */
    const pageAfter = async (request: FastifyRequest, code: keyof typeof problemByCode) => {
      const language = languageOf(request);
      const token = tokenIn(request.body);
      if (token === undefined) return withoutInvitation(language, token);
      const view = await d.readInvitation(token).catch(() => undefined);
      if (view === undefined) return withoutInvitation(language, token);
      return invitationPage(language, view, token, {
        code,
        displayName: displayNameIn(request.body),
      });
    };

    app.post(
      invitationPath,
      {
        config: { access: ANONYMOUS },
        preHandler: limits.confirm,
        schema: { hide: true, body: Form },
        errorHandler: async (error: FastifyError, request, reply) => {
          const code = recordProblem(error, request, reply);
          const page = await pageAfter(request, code);
          return sendPage(reply.code(problemByCode[code].status), page);
        },
      },
      async (request, reply) => {
        const { token, decision, displayName = '', newPassword: password = '' } = request.body;
        const { invitation, ...language } = languageOf(request);
        const context = contextOf(request);
        if (decision === 'decline') {
          await d.declineInvitation(token, context);
          return sendPage(reply, layOutPage(language, invitation.declined));
        }
        if (decision === 'accept') await d.acceptInvitationByMail(token, context);
        else {
          const locale = preferredLocale(request);
          await signUp(token, { displayName, password, locale }, context);
        }
        return sendPage(reply, layOutPage(language, invitation.accepted));
      },
    );
  };
