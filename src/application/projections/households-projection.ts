import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Columns, Projection, RowChange } from './row-change.ts';

const household = (id: string, set: Columns): RowChange => ({
  table: 'households',
  op: 'update',
  where: { id },
  set,
});

const join = (id: string, userId: string, role: string, joinedAt: Instant): RowChange => ({
  table: 'household_members',
  op: 'insert',
  where: { household_id: id, user_id: userId },
  set: { role, joined_at: joinedAt },
});

const changeRole = (id: string, userId: string, role: string): RowChange => ({
  table: 'household_members',
  op: 'update',
  where: { household_id: id, user_id: userId },
  set: { role },
});

/** Keeps one row per household, and one per member with the member's role. */
export const householdsProjection: Projection<HouseholdEvent> = ({
  stream: { id },
  event: { type, data },
}) => {
  switch (type) {
    case 'HouseholdCreated': {
      const { name, ownerId, createdAt } = data;
      const set = { name, owner_id: ownerId, created_at: createdAt, updated_at: createdAt };
      return [
        { table: 'households', op: 'insert', where: { id }, set },
        join(id, ownerId, 'owner', createdAt),
      ];
    }
    case 'HouseholdRenamed':
      return [household(id, { name: data.name, updated_at: data.renamedAt })];
    case 'MemberAdded':
      return [join(id, data.userId, data.role, data.addedAt)];
    case 'MemberRoleChanged':
      return [changeRole(id, data.userId, data.role)];
    case 'MemberRemoved':
      return [
        {
          table: 'household_members',
          op: 'delete',
          where: { household_id: id, user_id: data.userId },
          set: {},
        },
      ];
    case 'OwnershipTransferred':
      return [
        household(id, { owner_id: data.to, updated_at: data.transferredAt }),
        changeRole(id, data.from, 'admin'),
        changeRole(id, data.to, 'owner'),
      ];
    case 'HouseholdDeleted':
      return [
        { table: 'household_members', op: 'delete', where: { household_id: id }, set: {} },
        { table: 'households', op: 'delete', where: { id }, set: {} },
      ];
    case 'MemberInvited':
    case 'InvitationResent':
    case 'InvitationAccepted':
    case 'InvitationDeclined':
    case 'InvitationRevoked':
      return [];
  }
};
