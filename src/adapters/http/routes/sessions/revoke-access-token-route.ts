import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ApplicationError } from '../../../../application/kernel/errors.ts';
import type { Authenticate } from '../../../../application/sessions/authenticate.ts';
import type { RevokeAccessToken } from '../../../../application/sessions/revoke-access-token.ts';
import { USER } from '../../access/access-rules.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { strictObject } from '../../schemas/schemas.ts';

const Body = Type.Union([
  strictObject({ token: Type.String({ minLength: 1, maxLength: 4_096 }) }),
  strictObject({ jti: Type.String({ minLength: 1, maxLength: 100 }) }),
]);

/** Registers POST /v1/access-tokens/revoke. */
export const revokeAccessTokenRoute =
  (revokeAccessToken: RevokeAccessToken, authenticate: Authenticate): FastifyPluginAsyncTypebox =>
  async (app) => {
    /** The `jti` to revoke; undefined for a token that is already refused. */
    const jtiOf = async (token: string): Promise<string | undefined> => {
      try {
        return (await authenticate(token)).jti;
      } catch (error) {
        if (error instanceof ApplicationError && error.code === 'access_token_invalid') return;
        throw error;
      }
    };

    app.post(
      '/v1/access-tokens/revoke',
      {
        config: { access: USER },
        schema: {
          operationId: 'revokeAccessToken',
          summary: 'Revoke one access token; its session continues',
          description: 'A user may revoke their own tokens, an administrator those of any user.',
          tags: ['sessions'],
          body: Body,
          response: { 204: Type.Null(), ...problems(400, 401, 404, 409, 413, 415, 503) },
        },
      },
      async (request, reply) => {
        const { body } = request;
        const jti = 'jti' in body ? body.jti : await jtiOf(body.token);
        if (jti !== undefined) {
          await revokeAccessToken({ jti, userId: claimsOf(request).sub }, contextOf(request));
        }
        return reply.code(204).send(null);
      },
    );
  };
