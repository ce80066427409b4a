import type { UserProfile } from '../../../application/identity/user-directory.ts';
import type { HouseholdRole } from '../../../domain/household/household-events.ts';
import type { UserRole, UserTier } from '../../../domain/user/user-events.ts';

/** Columns of a `ProfileRow`, given `users AS u`, `households AS h`, `household_members AS m`. */
export const profileColumns = `u.id, u.email, u.email_verified_at, u.username, u.display_name,
  u.role, u.tier, u.locale, u.is_active, u.created_at,
  h.id AS household_id, h.name AS household_name, m.role AS household_role`;

/** The data of a user that the user may see. */
export type ProfileRow = Readonly<{
  id: string;
  email: string | null;
  email_verified_at: string | null;
  username: string | null;
  display_name: string | null;
  role: UserRole;
  tier: UserTier;
  locale: string;
  is_active: boolean;
  created_at: string;
  household_id: string | null;
  household_name: string | null;
  household_role: HouseholdRole | null;
}>;

const householdOf = (row: ProfileRow): UserProfile['household'] =>
  row.household_id === null || row.household_name === null || row.household_role === null
    ? null
    : { id: row.household_id, name: row.household_name, role: row.household_role };

/** Converts a row of `profileColumns`. */
export const toProfile = (row: ProfileRow): UserProfile => ({
  id: row.id,
  email: row.email,
  emailVerified: row.email_verified_at !== null,
  username: row.username,
  displayName: row.display_name,
  role: row.role,
  tier: row.tier,
  locale: row.locale,
  active: row.is_active,
  household: householdOf(row),
  createdAt: row.created_at,
});
