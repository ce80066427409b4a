import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { RegisterUser } from '../../../application/use-cases/register-user.ts';
import { contextOf } from '../context-of-request.ts';
import { problems } from '../problem-details.ts';
import { DeviceName, HumanText, SignedIn, strictObject } from '../schemas.ts';

const Body = strictObject({
  email: HumanText('Case and Unicode form do not matter'),
  password: HumanText('8 to 128 characters'),
  displayName: HumanText('1 to 100 characters'),
  username: Type.Optional(HumanText('3 to 32 letters, digits, dots, dashes, underscores')),
  householdName: Type.Optional(HumanText('Name of the home household; 1 to 100 characters')),
  deviceName: Type.Optional(DeviceName),
});

/** POST /v1/users */
export const registerUserRoute =
  (registerUser: RegisterUser): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/users',
      {
        schema: {
          operationId: 'registerUser',
          summary: 'Create an account with its home household, and sign in',
          tags: ['users'],
          body: Body,
          response: { 201: SignedIn, ...problems(400, 409, 413, 415, 503) },
        },
      },
      async (request, reply) => {
        const session = await registerUser(request.body, contextOf(request));
        return reply.code(201).send({ tokenType: 'Bearer', ...session });
      },
    );
  };
