import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { ChangeProfile } from '../../../../application/accounts/change-profile.ts';
import type { ReadProfile } from '../../../../application/accounts/read-profile.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import { requireTier } from '../../access/require-tier.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { HumanText, Locale, User } from '../../schemas/schemas.ts';

const Body = Type.Object(
  {
    displayName: Type.Optional(HumanText('1 to 100 characters')),
    username: Type.Optional(HumanText('3 to 32 letters, digits, dots, dashes, underscores')),
    locale: Type.Optional(Locale),
  },
  { additionalProperties: false, minProperties: 1 },
);

const security = [{ accessToken: [] }];

/** GET and PATCH /v1/me */
export const profileRoutes =
  (
    readProfile: ReadProfile,
    changeProfile: ChangeProfile,
    limits: RateLimits,
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/me',
      {
        schema: {
          operationId: 'readProfile',
          summary: "The user's own profile",
          tags: ['users'],
          security,
          response: { 200: User, ...problems(401, 404, 503) },
        },
      },
      (request) => readProfile(claimsOf(request).sub),
    );

    app.patch(
      '/v1/me',
      {
        preHandler: limits.profile,
        schema: {
          operationId: 'changeProfile',
          summary: 'Change display name, username or locale',
          tags: ['users'],
          security,
          body: Body,
          response: { 200: User, ...problems(400, 401, 403, 404, 409, 413, 415, 429, 503) },
        },
      },
      async (request) => {
        // A name that others could want is not for guests.
        if (request.body.username !== undefined) await requireTier('free')(request);
        return changeProfile(claimsOf(request).sub, request.body, contextOf(request));
      },
    );
  };
