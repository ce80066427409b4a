import type { HouseholdEvent } from '../../../domain/household/household-events.ts';
import { findMember } from '../../../domain/household/household-rank.ts';
import type { HouseholdState } from '../../../domain/household/household-state.ts';
import type { UserEvent } from '../../../domain/user/user-events.ts';
import type { UserState } from '../../../domain/user/user-state.ts';

/** A field of an account that a thief may have changed. */
export type UserField =
  | 'email'
  | 'pending_email'
  | 'username'
  | 'display_name'
  | 'locale'
  | 'role'
  | 'tier'
  | 'password'
  | 'account_status';

/** The same for a household; a member and an invitation are named by their ids. */
export type HouseholdField = 'name' | `member ${string}` | `invitation ${string}`;

/** The fields that an event of a user changed. */
export const changedUserFields = ({ type }: UserEvent): readonly UserField[] => {
  switch (type) {
    case 'EmailChanged':
      return ['email'];
    case 'EmailChangeRequested':
      return ['pending_email'];
    case 'UsernameChanged':
      return ['username'];
    case 'DisplayNameChanged':
      return ['display_name'];
    case 'LocaleChanged':
      return ['locale'];
    case 'RoleChanged':
      return ['role'];
    case 'TierChanged':
      return ['tier'];
    case 'PasswordChanged':
      return ['password'];
    case 'UserDeactivated':
    case 'UserReactivated':
      return ['account_status'];
    case 'UserRegistered':
    case 'UserImported':
    case 'EmailVerificationRequested':
    case 'EmailVerified':
    case 'PasswordResetRequested':
    case 'PasswordRehashed':
    case 'SignInFailed':
    case 'UserLocked':
    case 'UserUnlocked':
    case 'GuestUpgradeRequested':
    case 'GuestUpgraded':
    case 'UserErased':
      return [];
  }
};

/** The fields that an event of a household changed. */
export const changedHouseholdFields = ({
  type,
  data,
}: HouseholdEvent): readonly HouseholdField[] => {
  switch (type) {
    case 'HouseholdRenamed':
      return ['name'];
    case 'MemberAdded':
    case 'MemberRoleChanged':
    case 'MemberRemoved':
      return [`member ${data.userId}`];
    case 'OwnershipTransferred':
      return [`member ${data.from}`, `member ${data.to}`];
    case 'MemberInvited':
      return [`invitation ${data.invitationId}`];
    case 'HouseholdCreated':
    case 'InvitationResent':
    case 'InvitationAccepted':
    case 'InvitationDeclined':
    case 'InvitationRevoked':
    case 'HouseholdDeleted':
      return [];
  }
};

/** The value of a field; null if it is empty. */
export const valueInUser = (field: UserField, user: UserState): string | null => {
  if (user.status === 'unregistered' || user.status === 'erased') return null;
  switch (field) {
    case 'email':
      return user.email;
    case 'pending_email':
      return user.newEmail;
    case 'username':
      return user.username;
    case 'display_name':
      return user.displayName;
    case 'locale':
      return user.locale;
    case 'role':
      return user.role;
    case 'tier':
      return user.tier;
    case 'password':
      return user.passwordHash;
    case 'account_status':
      return user.status;
  }
};

/** The household's name, a member's role, or `open` for an open invitation. */
export const valueInHousehold = (
  field: HouseholdField,
  household: HouseholdState,
): string | null => {
  if (household.status !== 'existing') return null;
  if (field === 'name') return household.name;
  const [kind, id = ''] = field.split(' ');
  if (kind === 'member') return findMember(household, id)?.role ?? null;
  return household.invitations.some((invitation) => invitation.id === id) ? 'open' : null;
};
