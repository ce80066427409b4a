import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { EraseAccount } from '../../../../application/erasure/erase-account.ts';
import { USER } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { HumanText, strictObject } from '../../schemas/schemas.ts';

const Body = Type.Union([
  strictObject({
    password: Type.Optional(
      HumanText('The password as it is; not needed within five minutes of signing in'),
    ),
  }),
  Type.Null(),
]);

/** Registers DELETE /v1/me. */
export const eraseAccountRoute =
  (eraseAccount: EraseAccount, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.delete(
      '/v1/me',
      {
        config: { access: { ...USER, stepUp: 'accounts' } },
        preHandler: limits.stepUp,
        schema: {
          operationId: 'eraseAccount',
          summary: 'Erase the account and all personal data of the user permanently',
          description:
            'Memberships end. A household of the user passes to its highest-ranking, longest-standing member, or is deleted without one. The address can be used again.',
          tags: ['users'],
          body: Body,
          response: {
            204: Type.Null(),
            ...problems(400, 401, 403, 404, 409, 413, 415, 429, 503),
          },
        },
      },
      async (request, reply) => {
        const { sub: userId, sid: sessionId, auth_time: authTime } = claimsOf(request);
        const password = request.body?.password;
        await eraseAccount({ userId, sessionId, authTime, password }, contextOf(request));
        return reply.code(204).send(null);
      },
    );
  };
