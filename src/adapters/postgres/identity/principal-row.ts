import type { Principal } from '../../../application/identity/account-directory.ts';
import type { HouseholdRole } from '../../../domain/household/household-events.ts';
import type { UserRole, UserTier } from '../../../domain/user/user-events.ts';

/** Columns of a `PrincipalRow`, given `users AS u` and `household_members AS m`. */
export const principalColumns = `u.id AS user_id, u.is_active, u.role, u.tier,
  u.email_verified_at IS NOT NULL AS email_verified,
  m.household_id AS member_of, m.role AS household_role`;

/** The data of a user that goes into access tokens. */
export type PrincipalRow = Readonly<{
  user_id: string;
  is_active: boolean;
  role: UserRole;
  tier: UserTier;
  email_verified: boolean;
  member_of: string | null;
  household_role: HouseholdRole | null;
}>;

/** Converts a row of `principalColumns`. */
export const toPrincipal = (row: PrincipalRow): Principal => ({
  userId: row.user_id,
  active: row.is_active,
  role: row.role,
  tier: row.tier,
  emailVerified: row.email_verified,
  householdId: row.member_of,
  householdRole: row.household_role,
});
