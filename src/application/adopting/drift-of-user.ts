import type { ImportableUser } from '../importing/parse-import-line.ts';
import type { CurrentUser } from './adoptable-database.ts';

/**
 * An account that differs from its old row. Names columns, never their values.
 * `changed_here`: the old row is unchanged; `old_row_changed`: the old row was changed since;
 * `not_in_log`: the row has no account; `no_old_row`: the account has no row.
 */
export type UserDrift = Readonly<{
  userId: string;
  kind: 'changed_here' | 'old_row_changed' | 'not_in_log' | 'no_old_row';
  columns: readonly string[];
}>;

const differing = (old: ImportableUser, current: CurrentUser): readonly string[] =>
  [
    old.email !== current.email && 'email',
    old.username !== current.username && 'username',
    old.displayName !== current.displayName && 'display_name',
    old.role !== current.role && 'role',
    old.active !== current.active && 'is_active',
    current.passwordChanged && 'password_hash',
  ].filter((column) => column !== false);

/**
 * Compares an account with its old row.
 * @param old the account derived from the row.
 * @returns undefined if they agree
 */
export const driftOfUser = (
  old: ImportableUser,
  current: CurrentUser | undefined,
): UserDrift | undefined => {
  const { userId } = old;
  if (current === undefined || current.checksum === null) {
    return { userId, kind: 'not_in_log', columns: [] };
  }
  const columns = differing(old, current);
  if (current.checksum !== old.checksum) return { userId, kind: 'old_row_changed', columns };
  return columns.length === 0 ? undefined : { userId, kind: 'changed_here', columns };
};
