import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { ChangeProfile } from '../../../../application/accounts/change-profile.ts';
import type { ReadProfile } from '../../../../application/accounts/read-profile.ts';
import { ApplicationError } from '../../../../application/kernel/errors.ts';
import { USER } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { claimsOf } from '../../access/require-access-token.ts';
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

/** Registers GET and PATCH /v1/me. */
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
        config: { access: USER },
        schema: {
          operationId: 'readProfile',
          summary: 'Read the profile of the user',
          tags: ['users'],
          response: { 200: User, ...problems(401, 404, 503) },
        },
      },
      (request) => readProfile(claimsOf(request).sub),
    );

    app.patch(
      '/v1/me',
      {
        config: { access: USER },
        preHandler: limits.profile,
        schema: {
          operationId: 'changeProfile',
          summary: 'Change display name, username or locale',
          tags: ['users'],
          body: Body,
          response: { 200: User, ...problems(400, 401, 403, 404, 409, 413, 415, 429, 503) },
        },
      },
      async (request) => {
        // Guests must not occupy usernames that others could want.
        const { sub, tier } = claimsOf(request);
        if (request.body.username !== undefined && tier === 'anonymous') {
          throw new ApplicationError('tier_insufficient');
        }
        return changeProfile(sub, request.body, contextOf(request));
      },
    );
  };
