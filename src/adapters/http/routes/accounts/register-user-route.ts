import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { RegisterUser } from '../../../../application/accounts/register-user.ts';
import type { RequestRegistration } from '../../../../application/accounts/request-registration.ts';
import type { RegisterInvitedUser } from '../../../../application/households/invitations/register-invited-user.ts';
import { ANONYMOUS } from '../../access/access-rules.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { problems } from '../../problems/problem-details.ts';
import { contextOf } from '../../requests/context-of-request.ts';
import { preferredLocale } from '../../requests/preferred-locale.ts';
import {
  DeviceName,
  HumanText,
  Locale,
  OneTimeToken,
  SignedIn,
  strictObject,
  VerificationSent,
} from '../../schemas/schemas.ts';

const Body = strictObject({
  email: HumanText('Case and Unicode form do not matter'),
  password: HumanText('8 to 128 characters, and none of the common ones'),
  displayName: HumanText('1 to 100 characters'),
  username: Type.Optional(HumanText('3 to 32 letters, digits, dots, dashes, underscores')),
  householdName: Type.Optional(HumanText('Name of the home household; 1 to 100 characters')),
  locale: Type.Optional(Locale),
  deviceName: Type.Optional(DeviceName),
  invitationToken: Type.Optional(OneTimeToken),
});

export type Registration = Readonly<{
  registerInvitedUser: RegisterInvitedUser;
  registerUser: RegisterUser;
  requestRegistration: RequestRegistration;
  /** True if an address must be verified before its account can be used. */
  verifyFirst: boolean;
}>;

/** Registers POST /v1/users. */
export const registerUserRoute =
  (
    { registerUser, registerInvitedUser, requestRegistration, verifyFirst }: Registration,
    limits: RateLimits,
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/users',
      {
        config: { access: ANONYMOUS },
        preHandler: limits.register,
        schema: {
          operationId: 'registerUser',
          summary: 'Create an account with its default household',
          description:
            'In the mode `verify-first`, always 202: the account can be used after the link in the ' +
            'mail was used; the owner of a taken address gets another mail. In the mode `open`, 201 ' +
            'with a session, or 409 `identifier_taken`. An `invitationToken` verifies the address it ' +
            'was sent to: in both modes the answer is as in `open`, and the user joins the household.',
          tags: ['users'],
          body: Body,
          response: {
            201: SignedIn,
            202: VerificationSent,
            ...problems(400, 403, 409, 413, 415, 429, 503),
          },
        },
      },
      async (request, reply) => {
        const { invitationToken, ...body } = request.body;
        const input = { locale: preferredLocale(request), ...body };
        if (invitationToken !== undefined) {
          const session = await registerInvitedUser(input, invitationToken, contextOf(request));
          return reply.code(201).send({ tokenType: 'Bearer', ...session });
        }
        if (verifyFirst) {
          await requestRegistration(input, contextOf(request));
          return reply.code(202).send({ status: 'verification_sent' });
        }
        const session = await registerUser(input, contextOf(request));
        return reply.code(201).send({ tokenType: 'Bearer', ...session });
      },
    );
  };
