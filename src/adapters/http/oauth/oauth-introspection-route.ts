import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { IntrospectToken } from '../../../application/sessions/introspect-token.ts';
import { RESOURCE_SERVER } from '../access/access-rules.ts';
import { oauthErrors } from './oauth-error-answers.ts';

const Body = Type.Object({
  token: Type.String(),
  token_type_hint: Type.Optional(
    Type.String({ description: 'Ignored: the server recognises the token type (RFC 7662, 2.1)' }),
  ),
});

const Seconds = Type.Optional(Type.Integer({ description: 'Seconds since the epoch' }));
const NullableText = Type.Optional(Type.Union([Type.String(), Type.Null()]));

const Introspection = Type.Object({
  active: Type.Boolean({ description: 'If false, the answer has no other members' }),
  token_type: Type.Optional(
    Type.String({
      description: '`Bearer` for an access token, `refresh_token` for a refresh token',
    }),
  ),
  iss: Type.Optional(Type.String()),
  aud: Type.Optional(Type.String()),
  sub: Type.Optional(Type.String({ description: 'Id of the user' })),
  jti: Type.Optional(Type.String()),
  sid: Type.Optional(Type.String({ description: 'Id of the session' })),
  iat: Seconds,
  exp: Seconds,
  auth_time: Seconds,
  hh: NullableText,
  hh_role: NullableText,
  role: Type.Optional(Type.String()),
  tier: Type.Optional(Type.String()),
  email_verified: Type.Optional(Type.Boolean()),
});

/** Registers POST /oauth2/introspect (RFC 7662), for resource servers an operator has registered. */
export const oauthIntrospectionRoute =
  (introspectToken: IntrospectToken): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/oauth2/introspect',
      {
        config: { access: RESOURCE_SERVER },
        schema: {
          operationId: 'introspectToken',
          summary: 'Introspect a token (RFC 7662)',
          tags: ['oauth'],
          consumes: ['application/x-www-form-urlencoded'],
          body: Body,
          response: { 200: Introspection, ...oauthErrors(400, 401, 413, 415, 429, 503) },
        },
      },
      async (request) => introspectToken(request.body.token),
    );
  };
