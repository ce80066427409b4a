import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import type { Columns, Projection } from './row-change.ts';

/** Sets a user's default household, `users.household_id`, until that household is deleted. */
export const defaultHouseholdProjection: Projection<HouseholdEvent> = ({
  stream: { id: householdId },
  event: { type, data },
}) => {
  const update = (where: Columns, household_id: string | null) =>
    [{ table: 'users', op: 'update', where, set: { household_id } }] as const;
  switch (type) {
    case 'HouseholdCreated':
      return data.home ? update({ id: data.ownerId }, householdId) : [];
    case 'MemberAdded':
      return data.home ? update({ id: data.userId }, householdId) : [];
    case 'HouseholdDeleted':
      return update({ household_id: householdId }, null);
    case 'HouseholdRenamed':
    case 'MemberInvited':
    case 'InvitationResent':
    case 'InvitationAccepted':
    case 'InvitationDeclined':
    case 'InvitationRevoked':
    case 'MemberRoleChanged':
    case 'MemberRemoved':
    case 'OwnershipTransferred':
      return [];
  }
};
