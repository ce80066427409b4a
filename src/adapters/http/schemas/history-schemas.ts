import { type TSchema, Type } from '@fastify/type-provider-typebox';
import { LoggedEvent } from './logged-event-schema.ts';

const Nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const Time = Type.String({ format: 'date-time' });
const Text = Type.String();
const Role = Type.Enum(['owner', 'admin', 'member', 'viewer']);

const common = {
  asOf: Type.String({
    format: 'date-time',
    description: 'The moment shown; what had expired by then counts as expired',
  }),
  eventCount: Type.Integer({ description: 'Number of events up to that time' }),
  events: Type.Array(LoggedEvent, { description: 'The latest events, oldest first' }),
};

const familyMembers = {
  familyId: Type.String({ format: 'uuid' }),
  userId: Text,
  status: Type.Enum(['live', 'expired', 'revoked']),
  householdId: Nullable(Text),
  deviceName: Nullable(Text),
  ip: Type.String({ description: 'Address of the latest use; `[erased]` once the user is erased' }),
  userAgent: Text,
  generation: Type.Integer({ description: 'Generation of the latest refresh token' }),
  startedAt: Time,
  lastUsedAt: Time,
  expiresAt: Time,
  absoluteExpiresAt: Time,
  revoked: Nullable(Type.Object({ at: Time, reason: Text })),
};

export const FamilyHistory = Type.Object({
  ...common,
  ...familyMembers,
  accessTokens: Type.Array(Type.Object({ jti: Text, expiresAt: Time }), {
    description: 'Those neither expired nor revoked at that time',
  }),
});

export const HouseholdHistory = Type.Object({
  ...common,
  householdId: Text,
  status: Type.Enum(['existing', 'deleted']),
  name: Nullable(Text),
  home: Type.Boolean({ description: 'Whether it was created together with an account' }),
  createdAt: Time,
  deletedAt: Nullable(Time),
  members: Type.Array(
    Type.Object({ userId: Text, role: Role, home: Type.Boolean(), joinedAt: Time }),
    { description: 'Ordered by the time of joining' },
  ),
  invitations: Type.Array(
    Type.Object({
      id: Text,
      role: Type.Enum(['admin', 'member', 'viewer']),
      invitedBy: Text,
      expiresAt: Time,
    }),
    { description: 'Those that could still be accepted at that time' },
  ),
});

export const UserHistory = Type.Object({
  ...common,
  userId: Text,
  status: Type.Enum(['active', 'pending', 'deactivated', 'erased']),
  email: Nullable(Text),
  emailVerified: Type.Boolean(),
  pendingEmail: Type.Union([Text, Type.Null()], {
    description: 'The address of the sign-up while it is not verified',
  }),
  username: Nullable(Text),
  displayName: Text,
  locale: Text,
  role: Type.Enum(['user', 'admin']),
  tier: Type.Enum(['anonymous', 'free', 'member']),
  hasPassword: Type.Boolean(),
  lockedUntil: Type.Union([Time, Type.Null()], {
    description: 'Null unless the account was locked at that time',
  }),
  registeredAt: Time,
  memberships: Type.Array(
    Type.Object({
      householdId: Text,
      name: Text,
      role: Role,
      home: Type.Boolean({ description: 'Whether it was joined as the default household' }),
      joinedAt: Time,
    }),
  ),
  sessions: Type.Array(Type.Object(familyMembers), {
    description: 'Those live at that time, latest used first',
  }),
});
