import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { RotateRefreshToken } from '../../../application/sessions/rotate-refresh-token.ts';
import { ANONYMOUS } from '../access/access-rules.ts';
import type { RateLimits } from '../access/rate-limits.ts';
import { contextOf } from '../requests/context-of-request.ts';
import { OAuthError } from './oauth-error.ts';
import { oauthErrors } from './oauth-error-answers.ts';

/** The parameters of the token request; unknown ones are ignored (RFC 6749, 3.2). */
const Body = Type.Object({
  grant_type: Type.String({ description: 'Always `refresh_token`' }),
  refresh_token: Type.Optional(Type.String()),
  client_id: Type.Optional(Type.String({ description: 'Ignored: all clients are public' })),
});

const Tokens = Type.Object({
  access_token: Type.String({ description: 'JWT (RFC 9068)' }),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds until the access token expires' }),
  refresh_token: Type.String({ description: 'Exchange it once for the next token pair' }),
  refresh_expires_in: Type.Integer({
    description: 'Seconds until the session ends if it is not refreshed',
  }),
});

/** Registers POST /oauth2/token: the refresh of POST /v1/sessions/refresh as RFC 6749, 6, has it. */
export const oauthTokenRoute =
  (
    rotateRefreshToken: RotateRefreshToken,
    { oauth: preHandler }: RateLimits,
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/oauth2/token',
      {
        config: { access: ANONYMOUS },
        preHandler,
        schema: {
          operationId: 'exchangeRefreshToken',
          summary: 'Exchange a refresh token for a new token pair (RFC 6749, 6)',
          tags: ['oauth'],
          consumes: ['application/x-www-form-urlencoded'],
          body: Body,
          response: { 200: Tokens, ...oauthErrors(400, 413, 415, 429, 503) },
        },
      },
      async (request) => {
        const { grant_type: grantType, refresh_token: refreshToken } = request.body;
        if (grantType !== 'refresh_token') {
          throw new OAuthError('unsupported_grant_type', 'Only refresh_token is supported');
        }
        if (refreshToken === undefined) {
          throw new OAuthError('invalid_request', 'The parameter refresh_token is missing');
        }
        const pair = await rotateRefreshToken(refreshToken, contextOf(request));
        return {
          access_token: pair.accessToken,
          token_type: 'Bearer' as const,
          expires_in: pair.expiresIn,
          refresh_token: pair.refreshToken,
          refresh_expires_in: pair.refreshExpiresIn,
        };
      },
    );
  };
