import { Type } from 'typebox';
import type {
  DisplayNameChanged,
  EmailChanged,
  EmailChangeRequested,
  EmailVerificationRequested,
  EmailVerified,
  GuestUpgraded,
  GuestUpgradeRequested,
  LocaleChanged,
  PasswordChanged,
  PasswordRehashed,
  PasswordResetRequested,
  RoleChanged,
  SignInFailed,
  TierChanged,
  UserDeactivated,
  UserErased,
  UserImported,
  UserLocked,
  UsernameChanged,
  UserReactivated,
  UserRegistered,
  UserUnlocked,
} from '../../../domain/user/user-events.ts';
import { defineEvent } from '../event-registry.ts';
import { personalClient, personalText } from '../personal-fields.ts';
import {
  Id,
  Instant,
  IssuedToken,
  NullableText,
  Ordinal,
  oneOf,
  strictObject,
  Text,
} from './common-schemas.ts';

const Client = strictObject({ ip: Type.String(), userAgent: Type.String() });
const Role = oneOf('user', 'admin');
const Tier = oneOf('anonymous', 'free', 'member');
const Provenance = strictObject({ source: Text, id: Type.String(), checksum: Text });

const identity = {
  email: NullableText,
  username: NullableText,
  displayName: Text,
  passwordHash: NullableText,
  householdId: Id,
  role: Role,
  tier: Tier,
};
const personalIdentity = {
  email: personalText,
  username: personalText,
  displayName: personalText,
  passwordHash: personalText,
};

/** Version 1, from before accounts could await verification and mails had a language. */
const userRegisteredV1 = {
  schema: strictObject({ ...identity, registeredAt: Instant }),
  personal: personalIdentity,
  upcast: (data: Readonly<Record<string, unknown>>) => ({ ...data, locale: 'en', pending: false }),
};

/** The event types of `user-` streams. */
export const userEventDefinitions = {
  UserRegistered: defineEvent<UserRegistered>()(
    'user',
    strictObject({
      ...identity,
      locale: Text,
      pending: Type.Boolean(),
      registeredAt: Instant,
    }),
    personalIdentity,
    [userRegisteredV1],
  ),
  UserImported: defineEvent<UserImported>()(
    'user',
    strictObject({
      ...identity,
      emailVerified: Type.Boolean(),
      locale: Text,
      active: Type.Boolean(),
      provenance: Provenance,
      createdAt: Instant,
      importedAt: Instant,
    }),
    personalIdentity,
  ),
  EmailVerificationRequested: defineEvent<EmailVerificationRequested>()(
    'user',
    strictObject({ email: Text, token: IssuedToken, requestedAt: Instant }),
    { email: personalText },
  ),
  EmailVerified: defineEvent<EmailVerified>()(
    'user',
    strictObject({ email: Text, verifiedAt: Instant }),
    { email: personalText },
  ),
  EmailChangeRequested: defineEvent<EmailChangeRequested>()(
    'user',
    strictObject({ email: Text, token: IssuedToken, requestedAt: Instant }),
    { email: personalText },
  ),
  EmailChanged: defineEvent<EmailChanged>()(
    'user',
    strictObject({
      email: Text,
      previous: NullableText,
      undo: Type.Union([strictObject({ number: Ordinal, token: IssuedToken }), Type.Null()]),
      undoes: Type.Union([Ordinal, Type.Null()]),
      previousHeldUntil: Type.Union([Instant, Type.Null()]),
      changedAt: Instant,
    }),
    { email: personalText, previous: personalText },
  ),
  DisplayNameChanged: defineEvent<DisplayNameChanged>()(
    'user',
    strictObject({ displayName: Text, changedAt: Instant }),
    { displayName: personalText },
  ),
  UsernameChanged: defineEvent<UsernameChanged>()(
    'user',
    strictObject({ username: Text, previous: NullableText, changedAt: Instant }),
    { username: personalText, previous: personalText },
  ),
  SignInFailed: defineEvent<SignInFailed>()(
    'user',
    strictObject({ client: Client, failedAt: Instant }),
    { client: personalClient },
  ),
  UserLocked: defineEvent<UserLocked>()(
    'user',
    strictObject({ lockedAt: Instant, lockedUntil: Instant }),
  ),
  LocaleChanged: defineEvent<LocaleChanged>()(
    'user',
    strictObject({ locale: Text, changedAt: Instant }),
  ),
  PasswordResetRequested: defineEvent<PasswordResetRequested>()(
    'user',
    strictObject({ email: Text, token: IssuedToken, requestedAt: Instant }),
    { email: personalText },
  ),
  PasswordChanged: defineEvent<PasswordChanged>()(
    'user',
    strictObject({
      passwordHash: NullableText,
      reason: oneOf('change', 'reset', 'admin'),
      changedAt: Instant,
    }),
    { passwordHash: personalText },
  ),
  PasswordRehashed: defineEvent<PasswordRehashed>()(
    'user',
    strictObject({ passwordHash: Text, rehashedAt: Instant }),
    { passwordHash: personalText },
  ),
  UserUnlocked: defineEvent<UserUnlocked>()(
    'user',
    strictObject({ reason: oneOf('password_reset', 'admin'), unlockedAt: Instant }),
  ),
  RoleChanged: defineEvent<RoleChanged>()(
    'user',
    strictObject({ role: Role, previous: Role, changedAt: Instant }),
  ),
  TierChanged: defineEvent<TierChanged>()(
    'user',
    strictObject({ tier: Tier, previous: Tier, changedAt: Instant }),
  ),
  UserDeactivated: defineEvent<UserDeactivated>()('user', strictObject({ deactivatedAt: Instant })),
  UserReactivated: defineEvent<UserReactivated>()('user', strictObject({ reactivatedAt: Instant })),
  UserErased: defineEvent<UserErased>()('user', strictObject({ erasedAt: Instant })),
  GuestUpgradeRequested: defineEvent<GuestUpgradeRequested>()(
    'user',
    strictObject({
      email: Text,
      username: NullableText,
      displayName: Text,
      passwordHash: Text,
      requestedAt: Instant,
    }),
    personalIdentity,
  ),
  GuestUpgraded: defineEvent<GuestUpgraded>()(
    'user',
    strictObject({ email: Text, displayName: Text, passwordHash: Text, upgradedAt: Instant }),
    { email: personalText, displayName: personalText, passwordHash: personalText },
  ),
};
