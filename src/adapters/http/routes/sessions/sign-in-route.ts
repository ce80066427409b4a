import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { SignIn } from '../../../../application/sessions/sign-in.ts';
import { ANONYMOUS } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { DeviceName, HumanText, SignedIn, strictObject } from '../../schemas/schemas.ts';

const Body = strictObject({
  identifier: HumanText('E-mail address or username'),
  password: HumanText('The password'),
  deviceName: Type.Optional(DeviceName),
});

/** Registers POST /v1/sessions. */
export const signInRoute =
  (signIn: SignIn, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/sessions',
      {
        config: { access: ANONYMOUS },
        preHandler: limits.signIn,
        schema: {
          operationId: 'signIn',
          summary: 'Sign in and start a session',
          tags: ['sessions'],
          body: Body,
          response: { 201: SignedIn, ...problems(400, 401, 413, 415, 429, 503) },
        },
      },
      async (request, reply) => {
        const session = await signIn(request.body, contextOf(request));
        return reply.code(201).send({ tokenType: 'Bearer', ...session });
      },
    );
  };
