import type { ImportableUser } from '../importing/parse-import-line.ts';
import type { CurrentUser } from './adoptable-database.ts';

/**
 * An account that the old columns tell something else of. Names columns, never what they hold.
 * `changed_here`: the old row is as it was; `old_row_changed`: somebody wrote into it since;
 * `not_in_log`: there is a row and no account; `no_old_row`: there is an account only.
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

/** @param old what the old row comes to as an account; undefined when there is nothing to say */
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
