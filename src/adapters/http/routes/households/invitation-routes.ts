import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { AcceptInvitation } from '../../../../application/households/invitations/accept-invitation.ts';
import type { InviteMember } from '../../../../application/households/invitations/invite-member.ts';
import type { ListInvitations } from '../../../../application/households/invitations/list-invitations.ts';
import type { ResendInvitation } from '../../../../application/households/invitations/resend-invitation.ts';
import type { RevokeInvitation } from '../../../../application/households/invitations/revoke-invitation.ts';
import { ACCOUNT, memberOfPath, USER } from '../../access/access-rules.ts';
import { revokeInvitation } from '../../access/household-attempts.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import {
  GrantableRole,
  Household,
  HouseholdPath,
  Invitation,
  InvitationPath,
} from '../../schemas/household-schemas.ts';
import { HumanText, OneTimeToken, strictObject } from '../../schemas/schemas.ts';

export type Invitations = Readonly<{
  inviteMember: InviteMember;
  listInvitations: ListInvitations;
  resendInvitation: ResendInvitation;
  revokeInvitation: RevokeInvitation;
  acceptInvitation: AcceptInvitation;
}>;

const common = { tags: ['invitations'] };
const Token = strictObject({ token: OneTimeToken });

/** Registers /v1/households/{id}/invitations and POST /v1/invitations/accept. */
export const invitationRoutes =
  (d: Invitations, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/households/:id/invitations',
      {
        config: { access: memberOfPath('admin', { tier: ACCOUNT.tier, verifiedAddress: true }) },
        preHandler: limits.invite,
        schema: {
          ...common,
          operationId: 'inviteMember',
          summary: 'Invite an e-mail address; for admins of the household',
          params: HouseholdPath,
          body: strictObject({ email: HumanText('Who is invited'), role: GrantableRole }),
          response: {
            201: Invitation,
            ...problems(400, 401, 403, 404, 409, 413, 415, 429, 503),
          },
        },
      },
      async (request, reply) => {
        const { sub: userId } = claimsOf(request);
        const input = { householdId: request.params.id, userId, ...request.body };
        return reply.code(201).send(await d.inviteMember(input, contextOf(request)));
      },
    );

    app.get(
      '/v1/households/:id/invitations',
      {
        config: { access: memberOfPath('admin') },
        schema: {
          ...common,
          operationId: 'listInvitations',
          summary: 'List open invitations, latest first; for admins of the household',
          params: HouseholdPath,
          response: {
            200: Type.Object({ invitations: Type.Array(Invitation) }),
            ...problems(400, 401, 403, 404, 503),
          },
        },
      },
      async (request) => {
        const found = await d.listInvitations(request.params.id, claimsOf(request).sub);
        return { invitations: [...found] };
      },
    );

    app.post(
      '/v1/households/:id/invitations/:invitationId/resend',
      {
        config: { access: memberOfPath('admin', { attempt: revokeInvitation }) },
        preHandler: limits.invite,
        schema: {
          ...common,
          operationId: 'resendInvitation',
          summary:
            'Send a new link, at most once a minute and five times; the previous link becomes invalid',
          params: InvitationPath,
          response: {
            202: Type.Object({ status: Type.Literal('invitation_sent') }),
            ...problems(400, 401, 403, 404, 409, 429, 503),
          },
        },
      },
      async (request, reply) => {
        const { id: householdId, invitationId } = request.params;
        const { sub: userId } = claimsOf(request);
        await d.resendInvitation({ householdId, userId, invitationId }, contextOf(request));
        return reply.code(202).send({ status: 'invitation_sent' });
      },
    );

    app.delete(
      '/v1/households/:id/invitations/:invitationId',
      {
        config: { access: memberOfPath('admin', { attempt: revokeInvitation }) },
        schema: {
          ...common,
          operationId: 'revokeInvitation',
          summary: 'Revoke an invitation; for admins of the household',
          params: InvitationPath,
          response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 409, 503) },
        },
      },
      async (request, reply) => {
        const { id: householdId, invitationId } = request.params;
        const { sub: userId } = claimsOf(request);
        await d.revokeInvitation({ householdId, userId, invitationId }, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/v1/invitations/accept',
      {
        config: { access: USER },
        preHandler: limits.confirm,
        schema: {
          ...common,
          operationId: 'acceptInvitation',
          summary: 'Join the household; needs an account with the invited, verified address',
          body: Token,
          response: {
            200: Household,
            ...problems(400, 401, 403, 409, 413, 415, 429, 503),
          },
        },
      },
      (request) => {
        const { sub: userId } = claimsOf(request);
        return d.acceptInvitation({ userId, token: request.body.token }, contextOf(request));
      },
    );
  };
