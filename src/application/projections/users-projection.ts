import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import { unlessErased } from './erased-identifier.ts';
import type { Columns, Projection, RowChange } from './row-change.ts';

/**
 * One row per account. Each column is fed by one stream category only, so that the order in which
 * two streams commit cannot matter: `household_id` by households, everything else by users.
 */
export const usersProjection: Projection<UserEvent> = ({ stream, event: { type, data } }) => {
  const update = (set: Columns): RowChange[] => [
    { table: 'users', op: 'update', where: { id: stream.id }, set },
  ];
  switch (type) {
    case 'UserRegistered':
      return [
        {
          table: 'users',
          op: 'insert',
          where: { id: stream.id },
          set: {
            username: unlessErased(data.username),
            email: unlessErased(data.email),
            email_verified_at: null,
            password_hash: data.passwordHash,
            display_name: data.displayName,
            household_id: null,
            role: data.role,
            tier: data.tier,
            is_active: true,
            locked_until: null,
            created_at: data.registeredAt,
            updated_at: data.registeredAt,
          },
        },
      ];
    case 'DisplayNameChanged':
      return update({ display_name: data.displayName, updated_at: data.changedAt });
    case 'UsernameChanged':
      return update({ username: unlessErased(data.username), updated_at: data.changedAt });
    case 'SignInFailed':
      return [];
    case 'UserLocked':
      return update({ locked_until: data.lockedUntil, updated_at: data.lockedAt });
    case 'PasswordRehashed':
      return update({ password_hash: data.passwordHash, updated_at: data.rehashedAt });
    case 'UserDeactivated':
      return update({ is_active: false, updated_at: data.deactivatedAt });
    case 'UserReactivated':
      return update({ is_active: true, updated_at: data.reactivatedAt });
  }
};

/** The household created along with an account becomes its home. */
export const homeHouseholdProjection: Projection<HouseholdEvent> = ({ stream, event: { data } }) =>
  data.home
    ? [
        {
          table: 'users',
          op: 'update',
          where: { id: data.ownerId },
          set: { household_id: stream.id },
        },
      ]
    : [];
