import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { ChangeMemberRole } from '../../../../application/households/change-member-role.ts';
import type { ListMembers } from '../../../../application/households/list-members.ts';
import type { RemoveMember } from '../../../../application/households/remove-member.ts';
import type { TransferOwnership } from '../../../../application/households/transfer-ownership.ts';
import { memberOfPath } from '../../access/access-rules.ts';
import { demoteMember, removeMember } from '../../access/household-attempts.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import type { ListCursors } from '../../lists/list-cursor.ts';
import { cursorsOf, DEFAULT_LIMIT, NextCursor, pageParameters } from '../../lists/list-page.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import {
  GrantableRole,
  HouseholdPath,
  Member,
  MemberPath,
  StepUpPassword,
} from '../../schemas/household-schemas.ts';
import { strictObject } from '../../schemas/schemas.ts';

export type HouseholdMembers = Readonly<{
  listMembers: ListMembers;
  changeMemberRole: ChangeMemberRole;
  removeMember: RemoveMember;
  transferOwnership: TransferOwnership;
  listCursors: ListCursors;
}>;

const common = { tags: ['households'] };

/** Registers /v1/households/{id}/members and …/transfer-ownership. */
export const householdMemberRoutes =
  (d: HouseholdMembers, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/households/:id/members',
      {
        config: { access: memberOfPath('viewer') },
        schema: {
          ...common,
          operationId: 'listMembers',
          summary: 'List the members of a household in the order of joining',
          params: HouseholdPath,
          querystring: strictObject(pageParameters),
          response: {
            200: Type.Object({ members: Type.Array(Member), nextCursor: NextCursor }),
            ...problems(400, 401, 404, 503),
          },
        },
      },
      async (request) => {
        const { cursor, limit = DEFAULT_LIMIT } = request.query;
        const { id: householdId } = request.params;
        const cursors = cursorsOf(d.listCursors, request, { householdId });
        const [joinedAt = '', userId = ''] = cursors.read(cursor) ?? [];
        const { members, next } = await d.listMembers({
          householdId,
          userId: claimsOf(request).sub,
          after: cursor === undefined ? undefined : { joinedAt, userId },
          limit,
        });
        return {
          members: [...members],
          nextCursor: cursors.write(next && [next.joinedAt, next.userId]),
        };
      },
    );

    app.patch(
      '/v1/households/:id/members/:userId',
      {
        config: { access: memberOfPath('admin', { attempt: demoteMember }) },
        preHandler: limits.membership,
        schema: {
          ...common,
          operationId: 'changeMemberRole',
          summary: 'Change the role of a lower-ranking member, at most to your own role',
          params: MemberPath,
          body: strictObject({ role: GrantableRole }),
          response: {
            204: Type.Null(),
            ...problems(400, 401, 403, 404, 409, 413, 415, 429, 503),
          },
        },
      },
      async (request, reply) => {
        const { id: householdId, userId: memberId } = request.params;
        const { sub: userId } = claimsOf(request);
        const input = { householdId, userId, memberId, role: request.body.role };
        await d.changeMemberRole(input, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    app.delete(
      '/v1/households/:id/members/:userId',
      {
        config: { access: memberOfPath('viewer', { attempt: removeMember }) },
        preHandler: limits.membership,
        schema: {
          ...common,
          operationId: 'removeMember',
          summary: 'Remove a lower-ranking member, or leave the household',
          description: "The member's sessions lose access to the household at once.",
          params: MemberPath,
          response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 409, 429, 503) },
        },
      },
      async (request, reply) => {
        const { id: householdId, userId: memberId } = request.params;
        const { sub: userId } = claimsOf(request);
        await d.removeMember({ householdId, userId, memberId }, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/v1/households/:id/transfer-ownership',
      {
        config: { access: memberOfPath('owner', { stepUp: 'always' }) },
        preHandler: limits.stepUp,
        schema: {
          ...common,
          operationId: 'transferOwnership',
          summary: 'Transfer the ownership to another member; you become an admin',
          params: HouseholdPath,
          body: strictObject({ userId: Type.String({ maxLength: 200 }), password: StepUpPassword }),
          response: {
            204: Type.Null(),
            ...problems(400, 401, 403, 404, 409, 413, 415, 429, 503),
          },
        },
      },
      async (request, reply) => {
        const { sub: userId, sid: sessionId, auth_time: authTime } = claimsOf(request);
        const { userId: memberId, password } = request.body;
        const { id: householdId } = request.params;
        const input = { householdId, memberId, userId, sessionId, authTime, password };
        await d.transferOwnership(input, contextOf(request));
        return reply.code(204).send(null);
      },
    );
  };
