import type {
  UserErased,
  UserEvent,
  UserImported,
  UserRegistered,
} from '../../domain/user/user-events.ts';
import { unlessErased } from './erased-identifier.ts';
import type { Columns, Projection, RowChange } from './row-change.ts';

type First = UserRegistered['data'] | UserImported['data'];

const insert = (id: string, account: First, specifics: Columns): RowChange => ({
  table: 'users',
  op: 'insert',
  where: { id },
  set: {
    username: unlessErased(account.username),
    email: unlessErased(account.email),
    email_verified_at: null,
    password_hash: account.passwordHash,
    display_name: account.displayName,
    household_id: null,
    role: account.role,
    tier: account.tier,
    is_active: true,
    locked_until: null,
    locale: account.locale,
    pending_email: null,
    ...specifics,
  },
});

const register = (id: string, account: UserRegistered['data']): RowChange => {
  const { pending, email, registeredAt } = account;
  return insert(id, account, {
    ...(pending && { email: null, username: null, pending_email: unlessErased(email) }),
    created_at: registeredAt,
    updated_at: registeredAt,
  });
};

/** Upserts: the row of an adopted account exists already. */
const importAccount = (id: string, account: UserImported['data']): RowChange => ({
  ...insert(id, account, {
    email_verified_at: account.emailVerified ? account.importedAt : null,
    is_active: account.active,
    created_at: account.createdAt,
    updated_at: account.importedAt,
  }),
  op: 'upsert',
});

/** Returns the columns that an event changes of an existing row; null when none. */
const changesBy = ({
  type,
  data,
}: Exclude<UserEvent, UserRegistered | UserImported | UserErased>): Columns | null => {
  switch (type) {
    case 'EmailVerified':
      return {
        email: unlessErased(data.email),
        email_verified_at: data.verifiedAt,
        pending_email: null,
        updated_at: data.verifiedAt,
      };
    case 'EmailChanged':
      return {
        email: unlessErased(data.email),
        email_verified_at: data.changedAt,
        pending_email: null,
        updated_at: data.changedAt,
      };
    case 'DisplayNameChanged':
      return { display_name: data.displayName, updated_at: data.changedAt };
    case 'UsernameChanged':
      return { username: unlessErased(data.username), updated_at: data.changedAt };
    case 'LocaleChanged':
      return { locale: data.locale, updated_at: data.changedAt };
    case 'PasswordChanged':
      return { password_hash: data.passwordHash, updated_at: data.changedAt };
    case 'PasswordRehashed':
      return { password_hash: data.passwordHash, updated_at: data.rehashedAt };
    case 'UserLocked':
      return { locked_until: data.lockedUntil, updated_at: data.lockedAt };
    case 'UserUnlocked':
      return { locked_until: null, updated_at: data.unlockedAt };
    case 'RoleChanged':
      return { role: data.role, updated_at: data.changedAt };
    case 'TierChanged':
      return { tier: data.tier, updated_at: data.changedAt };
    case 'UserDeactivated':
      return { is_active: false, updated_at: data.deactivatedAt };
    case 'UserReactivated':
      return { is_active: true, updated_at: data.reactivatedAt };
    case 'GuestUpgradeRequested':
      return { pending_email: unlessErased(data.email), updated_at: data.requestedAt };
    case 'GuestUpgraded':
      return {
        pending_email: null,
        email: unlessErased(data.email),
        email_verified_at: null,
        display_name: data.displayName,
        password_hash: data.passwordHash,
        tier: 'free',
        updated_at: data.upgradedAt,
      };
    case 'EmailVerificationRequested':
    case 'EmailChangeRequested':
    case 'PasswordResetRequested':
    case 'SignInFailed':
      return null;
  }
};

/**
 * Keeps one row per account. Each column is written by one stream category only, so that the commit
 * order of two streams does not matter: `household_id` by households, the others by users.
 */
export const usersProjection: Projection<UserEvent> = ({ stream: { id }, event }) => {
  if (event.type === 'UserRegistered') return [register(id, event.data)];
  if (event.type === 'UserImported') return [importAccount(id, event.data)];
  // Rows that refer to the user are deleted with it: see `deletedWith` in projected-tables.
  if (event.type === 'UserErased')
    return [{ table: 'users', op: 'delete', where: { id }, set: {} }];
  const set = changesBy(event);
  return set === null ? [] : [{ table: 'users', op: 'update', where: { id }, set }];
};
