import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { RevokeToken } from '../../../application/sessions/revoke-token.ts';
import { ANONYMOUS } from '../access/access-rules.ts';
import type { RateLimits } from '../access/rate-limits.ts';
import { contextOf } from '../requests/context-of-request.ts';
import { oauthErrors } from './oauth-error-answers.ts';

const Body = Type.Object({
  token: Type.String(),
  token_type_hint: Type.Optional(
    Type.String({ description: 'Ignored: the server recognises the token type (RFC 7009, 2.1)' }),
  ),
});

/** Registers POST /oauth2/revoke (RFC 7009): answers 200 also for an invalid or revoked token. */
export const oauthRevocationRoute =
  (revokeToken: RevokeToken, { oauth: preHandler }: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/oauth2/revoke',
      {
        config: { access: ANONYMOUS },
        preHandler,
        schema: {
          operationId: 'revokeToken',
          summary: 'Revoke a token (RFC 7009)',
          description: 'A refresh token ends its whole session, an access token only itself.',
          tags: ['oauth'],
          consumes: ['application/x-www-form-urlencoded'],
          body: Body,
          response: {
            200: Type.Unsafe<undefined>({
              type: 'null',
              description: 'The token does not work any more',
            }),
            ...oauthErrors(400, 413, 415, 429, 503),
          },
        },
      },
      async (request, reply) => {
        await revokeToken(request.body.token, contextOf(request));
        return reply.send(undefined);
      },
    );
  };
