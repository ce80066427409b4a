import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { ReadProfile } from '../../../../application/accounts/read-profile.ts';
import type { StartGuestSession } from '../../../../application/accounts/start-guest-session.ts';
import type { UpgradeGuest } from '../../../../application/accounts/upgrade-guest.ts';
import { ANONYMOUS, GUEST } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { preferredLocale } from '../../requests/preferred-locale.ts';
import {
  DeviceName,
  HumanText,
  SignedIn,
  strictObject,
  User,
  VerificationSent,
} from '../../schemas/schemas.ts';

const GuestBody = Type.Union([
  strictObject({ deviceName: Type.Optional(DeviceName) }),
  Type.Null(),
]);

const UpgradeBody = strictObject({
  email: HumanText('Case and Unicode form do not matter'),
  password: HumanText('8 to 128 characters, and none of the common ones'),
  displayName: Type.Optional(HumanText('1 to 100 characters')),
  username: Type.Optional(HumanText('3 to 32 letters, digits, dots, dashes, underscores')),
});

/** Registers POST /v1/sessions/guest. */
export const guestSessionRoute =
  (startGuestSession: StartGuestSession, limits: RateLimits): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/sessions/guest',
      {
        config: { access: ANONYMOUS },
        preHandler: limits.guest,
        schema: {
          operationId: 'startGuestSession',
          summary: 'Start a session as a guest, a user of the tier anonymous',
          tags: ['sessions'],
          body: GuestBody,
          response: { 201: SignedIn, ...problems(400, 413, 415, 429, 503) },
        },
      },
      async (request, reply) => {
        const { deviceName } = request.body ?? {};
        const locale = preferredLocale(request);
        const session = await startGuestSession({ deviceName, locale }, contextOf(request));
        return reply.code(201).send({ tokenType: 'Bearer', ...session });
      },
    );
  };

/** Registers POST /v1/me/upgrade. */
export const upgradeGuestRoute =
  (
    upgradeGuest: UpgradeGuest,
    readProfile: ReadProfile,
    limits: RateLimits,
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/me/upgrade',
      {
        config: { access: GUEST },
        preHandler: limits.register,
        schema: {
          operationId: 'upgradeGuest',
          summary: 'Give a guest an e-mail address and a password; the user id stays the same',
          description:
            'In the mode `verify-first`, always 202: the upgrade takes effect when the link in the ' +
            'mail is used. In the mode `open`, 200 at once, or 409 `identifier_taken`.',
          tags: ['users'],
          body: UpgradeBody,
          response: {
            200: User,
            202: VerificationSent,
            ...problems(400, 401, 409, 413, 415, 429, 503),
          },
        },
      },
      async (request, reply) => {
        const { sub } = claimsOf(request);
        const upgraded = await upgradeGuest(sub, request.body, contextOf(request));
        return upgraded
          ? reply.code(200).send(await readProfile(sub))
          : reply.code(202).send({ status: 'verification_sent' });
      },
    );
  };
