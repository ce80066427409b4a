import { Type } from '@fastify/type-provider-typebox';
import { HumanText, strictObject } from './schemas.ts';

const HouseholdRole = Type.Enum(['owner', 'admin', 'member', 'viewer']);

/** Ownership is transferred, not granted. */
export const GrantableRole = Type.Enum(['admin', 'member', 'viewer']);

export const Household = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Type.Enum(['owner', 'admin', 'member', 'viewer'], { description: 'Your own role' }),
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
  invitedBy: Type.String({ description: 'The user who invited' }),
  createdAt: Type.String({ format: 'date-time' }),
  expiresAt: Type.String({ format: 'date-time' }),
});

/** An invitation as whoever got it sees it. */
export const PresentedInvitation = Type.Object({
  householdName: Type.String(),
  invitedBy: Type.Union([Type.String(), Type.Null()], { description: 'Display name' }),
  role: GrantableRole,
  email: Type.String({ description: 'The address that was invited' }),
  hasAccount: Type.Boolean({
    description: 'Whether the address has an account to accept with; else sign up with the token',
  }),
  expiresAt: Type.String({ format: 'date-time' }),
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL text cannot hold NUL
const STORABLE = /^[^\u0000]*$/.source;

/** Any other text: an id that nobody has is not found. */
const Id = (description: string) => Type.String({ maxLength: 200, pattern: STORABLE, description });

export const HouseholdPath = strictObject({ id: Id('The household') });
export const MemberPath = strictObject({ id: Id('The household'), userId: Id('The member') });
export const InvitationPath = strictObject({
  id: Id('The household'),
  invitationId: Id('The invitation'),
});

export const HouseholdName = HumanText('1 to 100 characters');

/** For what a stolen access token must not be enough. */
export const StepUpPassword = Type.Optional(
  HumanText('The current password; not needed within five minutes of signing in'),
);
