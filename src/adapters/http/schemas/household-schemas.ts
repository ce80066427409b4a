import { Type } from '@fastify/type-provider-typebox';
import { HumanText, strictObject } from './schemas.ts';

const HouseholdRole = Type.Enum(['owner', 'admin', 'member', 'viewer']);

/** The roles that an owner or admin can grant; ownership is only transferred. */
export const GrantableRole = Type.Enum(['admin', 'member', 'viewer']);

export const Household = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Type.Enum(['owner', 'admin', 'member', 'viewer'], {
    description: 'The role of the user who asks',
  }),
  memberCount: Type.Integer(),
  createdAt: Type.String({ format: 'date-time' }),
});

export const Member = Type.Object({
  userId: Type.String(),
  displayName: Type.Union([Type.String(), Type.Null()]),
  username: Type.Union([Type.String(), Type.Null()]),
  role: HouseholdRole,
  joinedAt: Type.String({ format: 'date-time' }),
});

export const Invitation = Type.Object({
  id: Type.String(),
  email: Type.Union([Type.String(), Type.Null()]),
  role: GrantableRole,
  invitedBy: Type.String({ description: 'Id of the user who sent the invitation' }),
  createdAt: Type.String({ format: 'date-time' }),
  expiresAt: Type.String({ format: 'date-time' }),
});

/** An invitation as its recipient sees it. */
export const PresentedInvitation = Type.Object({
  householdName: Type.String(),
  invitedBy: Type.Union([Type.String(), Type.Null()], {
    description: 'Display name of the inviter; null if unknown',
  }),
  role: GrantableRole,
  email: Type.String({ description: 'The invited e-mail address' }),
  hasAccount: Type.Boolean({
    description: 'Whether an account has this address; if not, sign up with the token',
  }),
  expiresAt: Type.String({ format: 'date-time' }),
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL text cannot hold NUL
const STORABLE = /^[^\u0000]*$/.source;

/** An id in a path. Any other text is accepted; an unknown id is answered with 404. */
const Id = (description: string) => Type.String({ maxLength: 200, pattern: STORABLE, description });

export const HouseholdPath = strictObject({ id: Id('Id of the household') });
export const MemberPath = strictObject({
  id: Id('Id of the household'),
  userId: Id('User id of the member'),
});
export const InvitationPath = strictObject({
  id: Id('Id of the household'),
  invitationId: Id('Id of the invitation'),
});

export const HouseholdName = HumanText('1 to 100 characters');

/** Required by actions that a stolen access token alone must not be able to perform. */
export const StepUpPassword = Type.Optional(
  HumanText('The current password; not needed within five minutes after signing in'),
);
