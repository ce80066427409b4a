import { type TProperties, Type } from '@fastify/type-provider-typebox';

/** An object schema that rejects unknown members. */
export const strictObject = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

/** Text that a person typed: the schema limits its length, the domain validates it. */
export const HumanText = (description: string) => Type.String({ maxLength: 1_000, description });

export const DeviceName = Type.String({
  minLength: 1,
  maxLength: 100,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
  pattern: /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+$/.source,
  description: 'A name for the device, shown in the list of sessions',
});

export const Locale = Type.String({
  maxLength: 35,
  description: 'Language of mails: a language tag (RFC 5646) such as `de` or `en-GB`',
});

/** The `token` in the query of a mail's link. */
export const OneTimeToken = Type.String({ minLength: 1, maxLength: 200 });

/** The answer is the same whether a mail was sent or not. */
export const VerificationSent = Type.Object({ status: Type.Literal('verification_sent') });

const Nullable = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);

export const User = Type.Object({
  id: Type.String(),
  email: Nullable(Type.String()),
  emailVerified: Type.Boolean(),
  username: Nullable(Type.String()),
  displayName: Nullable(Type.String()),
  role: Type.Enum(['user', 'admin']),
  tier: Type.Enum(['anonymous', 'free', 'member']),
  locale: Type.String({ description: 'Language of mails: a language tag (RFC 5646)' }),
  active: Type.Boolean(),
  household: Nullable(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      role: Type.Enum(['owner', 'admin', 'member', 'viewer']),
    }),
  ),
  createdAt: Type.String({ format: 'date-time' }),
});

const pairMembers = {
  tokenType: Type.Literal('Bearer'),
  accessToken: Type.String({ description: 'JWT (RFC 9068); send it as `Authorization: Bearer …`' }),
  expiresIn: Type.Integer({ description: 'Seconds until the access token expires' }),
  refreshToken: Type.String({ description: 'Opaque; exchange it once for the next token pair' }),
  refreshExpiresIn: Type.Integer({
    description: 'Seconds until the session ends if it is not refreshed',
  }),
  sessionId: Type.String({ format: 'uuid' }),
};

export const TokenPair = Type.Object(pairMembers);
export const SignedIn = Type.Object({ ...pairMembers, user: User });

export const SessionId = strictObject({
  id: Type.String({
    pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
    description: 'Id of the session: `sessionId` of a token pair',
  }),
});

export const Session = Type.Object({
  id: Type.String({ format: 'uuid' }),
  deviceName: Nullable(Type.String()),
  ip: Nullable(Type.String()),
  userAgent: Nullable(Type.String()),
  createdAt: Type.String({ format: 'date-time' }),
  lastUsedAt: Type.String({ format: 'date-time' }),
  expiresAt: Type.String({ format: 'date-time' }),
  current: Type.Boolean({
    description: 'Whether the access token of this request belongs to the session',
  }),
});
