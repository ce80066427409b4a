import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { ChangePassword } from '../../../../application/credentials/change-password.ts';
import type { RequestEmailChange } from '../../../../application/credentials/request-email-change.ts';
import { ACCOUNT_STEP_UP } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { HumanText, strictObject, VerificationSent } from '../../schemas/schemas.ts';

export type Credentials = Readonly<{
  changePassword: ChangePassword;
  requestEmailChange: RequestEmailChange;
}>;

const CurrentPassword = Type.Optional(
  HumanText('The password as it is; not needed within five minutes of signing in'),
);
const refusals = problems(400, 401, 403, 409, 413, 415, 429, 503);

/** Registers PUT /v1/me/password and PUT /v1/me/email. */
export const credentialsRoutes =
  (
    { changePassword, requestEmailChange }: Credentials,
    limits: RateLimits,
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['users'];

    app.put(
      '/v1/me/password',
      {
        config: { access: ACCOUNT_STEP_UP },
        preHandler: limits.stepUp,
        schema: {
          operationId: 'changePassword',
          summary: 'Change the password; ends every other session',
          tags,
          body: strictObject({
            currentPassword: CurrentPassword,
            newPassword: HumanText('8 to 128 characters, and none of the common ones'),
          }),
          response: { 204: Type.Null(), ...refusals },
        },
      },
      async (request, reply) => {
        const { sub: userId, sid: sessionId, auth_time: authTime } = claimsOf(request);
        const { currentPassword: password, newPassword } = request.body;
        await changePassword(
          { userId, sessionId, authTime, password, newPassword },
          contextOf(request),
        );
        return reply.code(204).send(null);
      },
    );

    app.put(
      '/v1/me/email',
      {
        config: { access: ACCOUNT_STEP_UP },
        // The address could belong to another person, so the mails to it are limited, too.
        preHandler: [limits.mail, limits.stepUp],
        schema: {
          operationId: 'requestEmailChange',
          summary: 'Change the e-mail address; takes effect when the link sent to it is used',
          tags,
          body: strictObject({ email: HumanText('The new address'), password: CurrentPassword }),
          response: { 202: VerificationSent, ...refusals },
        },
      },
      async (request, reply) => {
        const { sub: userId, sid: sessionId, auth_time: authTime } = claimsOf(request);
        const who = { userId, sessionId, authTime };
        await requestEmailChange({ ...request.body, ...who }, contextOf(request));
        return reply.code(202).send({ status: 'verification_sent' });
      },
    );
  };
