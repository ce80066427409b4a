import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { SwitchHousehold } from '../../../../application/households/switch-household.ts';
import { USER } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { strictObject, TokenPair } from '../../schemas/schemas.ts';

const Body = strictObject({
  householdId: Type.String({ maxLength: 200 }),
  refreshToken: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
});

const { refreshToken, refreshExpiresIn, ...accessMembers } = TokenPair.properties;

const Switched = Type.Object({
  ...accessMembers,
  refreshToken: Type.Optional(refreshToken),
  refreshExpiresIn: Type.Optional(refreshExpiresIn),
});

/** Registers PUT /v1/sessions/current/household. */
export const switchHouseholdRoute =
  (switchHousehold: SwitchHousehold, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.put(
      '/v1/sessions/current/household',
      {
        config: { access: USER },
        preHandler: limits.profile,
        schema: {
          operationId: 'switchHousehold',
          summary: 'Switch the session to another household of the user',
          description:
            'Revokes earlier access tokens. With the refresh token in the body, the answer is a new ' +
            'token pair. Without it, the answer is an access token that expires when the current one ' +
            'would have, and the refresh token stays valid.',
          tags: ['sessions'],
          body: Body,
          response: { 200: Switched, ...problems(400, 401, 404, 409, 413, 415, 429, 503) },
        },
      },
      async (request) => {
        const { sub: userId, sid: sessionId, exp: accessTokenExpiry } = claimsOf(request);
        const session = await switchHousehold(
          { userId, sessionId, accessTokenExpiry, ...request.body },
          contextOf(request),
        );
        return { tokenType: 'Bearer' as const, ...session };
      },
    );
  };
