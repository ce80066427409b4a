import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { DeclineInvitation } from '../../../../application/households/invitations/decline-invitation.ts';
import type { ReadInvitation } from '../../../../application/households/invitations/read-invitation.ts';
import { ANONYMOUS } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { PresentedInvitation } from '../../schemas/household-schemas.ts';
import { OneTimeToken, strictObject } from '../../schemas/schemas.ts';

const Token = strictObject({ token: OneTimeToken });

export type PresentedInvitations = Readonly<{
  readInvitation: ReadInvitation;
  declineInvitation: DeclineInvitation;
}>;

/** Registers POST /v1/invitations/read and …/decline, which need only the token of the mail. */
export const presentedInvitationRoutes =
  (d: PresentedInvitations, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['invitations'];
    const preHandler = limits.confirm;

    app.post(
      '/v1/invitations/read',
      {
        config: { access: ANONYMOUS },
        preHandler,
        schema: {
          operationId: 'readInvitation',
          summary: 'Read an invitation: inviter, household, and whether the address has an account',
          tags,
          body: Token,
          response: { 200: PresentedInvitation, ...problems(400, 413, 415, 429, 503) },
        },
      },
      (request) => d.readInvitation(request.body.token),
    );

    app.post(
      '/v1/invitations/decline',
      {
        config: { access: ANONYMOUS },
        preHandler,
        schema: {
          operationId: 'declineInvitation',
          summary: 'Decline an invitation',
          tags,
          body: Token,
          response: { 204: Type.Null(), ...problems(400, 409, 413, 415, 429, 503) },
        },
      },
      async (request, reply) => {
        await d.declineInvitation(request.body.token, contextOf(request));
        return reply.code(204).send(null);
      },
    );
  };
