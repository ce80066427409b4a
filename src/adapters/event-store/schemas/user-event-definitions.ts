import { Type } from 'typebox';
import type {
  DisplayNameChanged,
  PasswordRehashed,
  SignInFailed,
  UserDeactivated,
  UserLocked,
  UsernameChanged,
  UserReactivated,
  UserRegistered,
} from '../../../domain/user/user-events.ts';
import { defineEvent } from '../event-registry.ts';
import { personalClient, personalText } from '../personal-fields.ts';
import { Id, Instant, NullableText, oneOf, strictObject, Text } from './common-schemas.ts';

const Client = strictObject({ ip: Type.String(), userAgent: Type.String() });

export const userEventDefinitions = {
  UserRegistered: defineEvent<UserRegistered>()(
    'user',
    strictObject({
      email: NullableText,
      username: NullableText,
      displayName: Text,
      passwordHash: NullableText,
      householdId: Id,
      role: oneOf('user', 'admin'),
      tier: oneOf('anonymous', 'free', 'member'),
      registeredAt: Instant,
    }),
    {
      email: personalText,
      username: personalText,
      displayName: personalText,
      passwordHash: personalText,
    },
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
  PasswordRehashed: defineEvent<PasswordRehashed>()(
    'user',
    strictObject({ passwordHash: Text, rehashedAt: Instant }),
    { passwordHash: personalText },
  ),
  UserDeactivated: defineEvent<UserDeactivated>()('user', strictObject({ deactivatedAt: Instant })),
  UserReactivated: defineEvent<UserReactivated>()('user', strictObject({ reactivatedAt: Instant })),
};
