import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { RequestPasswordReset } from '../../../../application/credentials/request-password-reset.ts';
import type { ResetPassword } from '../../../../application/credentials/reset-password.ts';
import { ANONYMOUS } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { HumanText, OneTimeToken, strictObject } from '../../schemas/schemas.ts';

const ResetSent = Type.Object({ status: Type.Literal('reset_sent') });

/** Registers POST /v1/password-resets and /v1/password-resets/confirm. */
export const passwordResetRoutes =
  (
    requestPasswordReset: RequestPasswordReset,
    resetPassword: ResetPassword,
    limits: RateLimits,
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['mail'];

    app.post(
      '/v1/password-resets',
      {
        config: { access: ANONYMOUS },
        preHandler: limits.mail,
        schema: {
          operationId: 'requestPasswordReset',
          summary: 'Request a password reset link by mail',
          description: 'Always 202: the answer does not reveal whether the address has an account.',
          tags,
          body: strictObject({ email: HumanText('The address of the account') }),
          response: { 202: ResetSent, ...problems(400, 413, 415, 429, 503) },
        },
      },
      async (request, reply) => {
        await requestPasswordReset(request.body.email, contextOf(request));
        return reply.code(202).send({ status: 'reset_sent' });
      },
    );

    app.post(
      '/v1/password-resets/confirm',
      {
        config: { access: ANONYMOUS },
        preHandler: limits.confirm,
        schema: {
          operationId: 'resetPassword',
          summary: 'Set a new password; ends every session and unlocks the account',
          tags,
          body: strictObject({
            token: OneTimeToken,
            newPassword: HumanText('8 to 128 characters, and none of the common ones'),
          }),
          response: { 204: Type.Null(), ...problems(400, 409, 413, 415, 429, 503) },
        },
      },
      async (request, reply) => {
        await resetPassword(request.body, contextOf(request));
        return reply.code(204).send(null);
      },
    );
  };
