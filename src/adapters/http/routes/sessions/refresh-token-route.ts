import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { RotateRefreshToken } from '../../../../application/sessions/rotate-refresh-token.ts';
import { ANONYMOUS } from '../../access/access-rules.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { strictObject, TokenPair } from '../../schemas/schemas.ts';

const Body = strictObject({ refreshToken: Type.String({ minLength: 1, maxLength: 512 }) });

/** Registers POST /v1/sessions/refresh. */
export const refreshTokenRoute =
  (rotateRefreshToken: RotateRefreshToken): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/sessions/refresh',
      {
        config: { access: ANONYMOUS },
        schema: {
          operationId: 'refreshToken',
          summary: 'Exchange a refresh token for a new token pair',
          description:
            'For a short time the same client may repeat a request whose answer was lost: it gets ' +
            'the identical successor. A used token presented otherwise ends the session as stolen.',
          tags: ['sessions'],
          body: Body,
          response: { 200: TokenPair, ...problems(400, 401, 409, 413, 415, 429, 503) },
        },
      },
      async (request) => {
        const pair = await rotateRefreshToken(request.body.refreshToken, contextOf(request));
        return { tokenType: 'Bearer' as const, ...pair };
      },
    );
  };
