import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@fastify/type-provider-typebox';
import type { RequestEmailVerification } from '../../../../application/credentials/request-email-verification.ts';
import type { UseEmailLink } from '../../../../application/credentials/use-email-link.ts';
import { ANONYMOUS } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { HumanText, OneTimeToken, strictObject, VerificationSent } from '../../schemas/schemas.ts';

/** Registers POST /v1/email-verifications and /v1/email-verifications/confirm. */
export const emailVerificationRoutes =
  (
    requestEmailVerification: RequestEmailVerification,
    useEmailLink: UseEmailLink,
    limits: RateLimits,
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    const tags = ['mail'];

    app.post(
      '/v1/email-verifications',
      {
        config: { access: ANONYMOUS },
        preHandler: limits.mail,
        schema: {
          operationId: 'requestEmailVerification',
          summary: 'Send the verification link again',
          description: 'Always 202: the answer does not reveal whether the address has an account.',
          tags,
          body: strictObject({ email: HumanText('The address to be verified') }),
          response: { 202: VerificationSent, ...problems(400, 413, 415, 429, 503) },
        },
      },
      async (request, reply) => {
        await requestEmailVerification(request.body.email, contextOf(request));
        return reply.code(202).send({ status: 'verification_sent' });
      },
    );

    app.post(
      '/v1/email-verifications/confirm',
      {
        config: { access: ANONYMOUS },
        preHandler: limits.confirm,
        schema: {
          operationId: 'confirmEmail',
          summary: 'Use the token of a mail to verify an address, or to confirm or undo its change',
          tags,
          body: strictObject({ token: OneTimeToken }),
          response: { 204: Type.Null(), ...problems(400, 409, 413, 415, 429, 503) },
        },
      },
      async (request, reply) => {
        await useEmailLink(request.body.token, contextOf(request));
        return reply.code(204).send(null);
      },
    );
  };
