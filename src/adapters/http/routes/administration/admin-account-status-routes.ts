import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { ChangeRole } from '../../../../application/administration/change-role.ts';
import type { ChangeTier } from '../../../../application/administration/change-tier.ts';
import type { DeactivateUser } from '../../../../application/administration/deactivate-user.ts';
import type { ReactivateUser } from '../../../../application/administration/reactivate-user.ts';
import type { ReadUser } from '../../../../application/administration/read-user.ts';
import type { UnlockUser } from '../../../../application/administration/unlock-user.ts';
import type { EraseUser } from '../../../../application/erasure/erase-user.ts';
import type { EndSessions } from '../../../../application/sessions/end-sessions.ts';
import { ADMINISTRATOR, ADMINISTRATOR_STEP_UP } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { HumanText, strictObject } from '../../schemas/schemas.ts';
import { UserId } from './admin-users-routes.ts';

export type AccountStatusChanges = Readonly<{
  readUser: ReadUser;
  changeRole: ChangeRole;
  changeTier: ChangeTier;
  deactivateUser: DeactivateUser;
  reactivateUser: ReactivateUser;
  unlockUser: UnlockUser;
  eraseUser: EraseUser;
  endSessions: EndSessions;
}>;

const password = Type.Optional(
  HumanText("The administrator's own; not needed within five minutes of signing in"),
);
const OnlyPassword = Type.Union([strictObject({ password }), Type.Null()]);
const Nothing = Type.Union([strictObject({}), Type.Null()]);

const common = {
  tags: ['administration'],
  params: UserId,
};
const response = {
  204: Type.Null(),
  ...problems(400, 401, 403, 404, 409, 413, 415, 429, 503),
};
const plainResponse = { 204: Type.Null(), ...problems(400, 401, 403, 404, 409, 413, 415, 503) };

/** Registers the routes below /v1/admin/users/{id} by which administrators change an account. */
export const adminAccountStatusRoutes =
  (d: AccountStatusChanges, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    /** Answers `user_not_found` first, since some use cases below ignore an unknown user. */
    app.addHook('preHandler', async ({ params }) => {
      await d.readUser((params as { id: string }).id);
    });

    app.put(
      '/v1/admin/users/:id/role',
      {
        config: { access: ADMINISTRATOR_STEP_UP },
        preHandler: limits.stepUp,
        schema: {
          ...common,
          operationId: 'changeRole',
          summary: 'Change the role of a user',
          body: strictObject({ role: Type.Enum(['user', 'admin']), password }),
          response,
        },
      },
      async (request, reply) => {
        const { role } = request.body;
        await d.changeRole({ userId: request.params.id, role }, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    app.put(
      '/v1/admin/users/:id/tier',
      {
        config: { access: ADMINISTRATOR_STEP_UP },
        preHandler: limits.stepUp,
        schema: {
          ...common,
          operationId: 'changeTier',
          summary: 'Change the tier of a user',
          body: strictObject({ tier: Type.Enum(['free', 'member']), password }),
          response,
        },
      },
      async (request, reply) => {
        const { tier } = request.body;
        await d.changeTier({ userId: request.params.id, tier }, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/v1/admin/users/:id/deactivate',
      {
        config: { access: ADMINISTRATOR_STEP_UP },
        preHandler: limits.stepUp,
        schema: {
          ...common,
          operationId: 'deactivateUser',
          summary: 'Deactivate a user: refuses sign-in and revokes every token at once',
          body: OnlyPassword,
          response,
        },
      },
      async (request, reply) => {
        await d.deactivateUser(request.params.id, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/v1/admin/users/:id/reactivate',
      {
        config: { access: ADMINISTRATOR_STEP_UP },
        preHandler: limits.stepUp,
        schema: {
          ...common,
          operationId: 'reactivateUser',
          summary: 'Reactivate a user; tokens issued earlier remain revoked',
          body: OnlyPassword,
          response,
        },
      },
      async (request, reply) => {
        await d.reactivateUser(request.params.id, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    app.delete(
      '/v1/admin/users/:id',
      {
        config: { access: ADMINISTRATOR_STEP_UP },
        preHandler: limits.stepUp,
        schema: {
          ...common,
          operationId: 'eraseUser',
          summary: 'Erase the account and all personal data of the user permanently',
          body: OnlyPassword,
          response,
        },
      },
      async (request, reply) => {
        await d.eraseUser({ userId: request.params.id, granted: null }, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/v1/admin/users/:id/unlock',
      {
        config: { access: ADMINISTRATOR },
        schema: {
          ...common,
          operationId: 'unlockUser',
          summary: 'Unlock an account that is locked after wrong passwords',
          body: Nothing,
          response: plainResponse,
        },
      },
      async (request, reply) => {
        await d.unlockUser(request.params.id, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    app.delete(
      '/v1/admin/users/:id/sessions',
      {
        config: { access: ADMINISTRATOR },
        schema: {
          ...common,
          operationId: 'endSessionsOfUser',
          summary: 'End all sessions of a user',
          response: plainResponse,
        },
      },
      async (request, reply) => {
        const { id: userId } = request.params;
        await d.endSessions({ userId, reason: 'admin' }, contextOf(request));
        return reply.code(204).send(null);
      },
    );
  };
