import { type TSchema, Type } from '@fastify/type-provider-typebox';
import { LoggedEvent } from './logged-event-schema.ts';

const Nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const Time = Type.String({ format: 'date-time' });
const Text = Type.String();
const Role = Type.Enum(['owner', 'admin', 'member', 'viewer']);

const common = {
  asOf: Type.String({
    format: 'date-time',
    description: 'By which what ends by itself had ended, or not yet',
  }),
  eventCount: Type.Integer({ description: 'Events by then' }),
  events: Type.Array(LoggedEvent, { description: 'The latest ones, oldest first' }),
};

const familyMembers = {
  familyId: Type.String({ format: 'uuid' }),
  userId: Text,
  status: Type.Enum(['live', 'expired', 'revoked']),
  householdId: Nullable(Text),
  deviceName: Nullable(Text),
  ip: Type.String({ description: 'Of the latest use; `[erased]` once its person is' }),
  userAgent: Text,
  generation: Type.Integer({ description: 'Of the latest refresh token' }),
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
    description: 'Neither expired nor revoked',
  }),
});

export const HouseholdHistory = Type.Object({
  ...common,
  householdId: Text,
  status: Type.Enum(['existing', 'deleted']),
  name: Nullable(Text),
  home: Type.Boolean({ description: 'Whether it came along with an account' }),
  createdAt: Time,
  deletedAt: Nullable(Time),
  members: Type.Array(
    Type.Object({ userId: Text, role: Role, home: Type.Boolean(), joinedAt: Time }),
    { description: 'In the order of joining' },
  ),
  invitations: Type.Array(
    Type.Object({
      id: Text,
      role: Type.Enum(['admin', 'member', 'viewer']),
      invitedBy: Text,
      expiresAt: Time,
    }),
    { description: 'Those that somebody could still accept' },
  ),
});

export const UserHistory = Type.Object({
  ...common,
  userId: Text,
  status: Type.Enum(['active', 'pending', 'deactivated', 'erased']),
  email: Nullable(Text),
  emailVerified: Type.Boolean(),
  pendingEmail: Type.Union([Text, Type.Null()], {
    description: 'What somebody had signed up with and not proven',
  }),
  username: Nullable(Text),
  displayName: Text,
  locale: Text,
  role: Type.Enum(['user', 'admin']),
  tier: Type.Enum(['anonymous', 'free', 'member']),
  hasPassword: Type.Boolean(),
  lockedUntil: Type.Union([Time, Type.Null()], {
    description: 'Null unless it was locked at that moment',
  }),
  registeredAt: Time,
  memberships: Type.Array(
    Type.Object({
      householdId: Text,
      name: Text,
      role: Role,
      home: Type.Boolean({ description: 'Joined as the one to come home to' }),
      joinedAt: Time,
    }),
  ),
  sessions: Type.Array(Type.Object(familyMembers), {
    description: 'Those that were live, the latest used first',
  }),
});
