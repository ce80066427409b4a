import type { StreamId } from '../../../src/application/kernel/event-store.ts';
import type {
  HouseholdCreated,
  HouseholdDeleted,
  HouseholdEvent,
  HouseholdRenamed,
  InvitationAccepted,
  InvitationDeclined,
  InvitationResent,
  InvitationRevoked,
  MemberAdded,
  MemberInvited,
  MemberRemoved,
  MemberRoleChanged,
  OwnershipTransferred,
} from '../../../src/domain/household/household-events.ts';
import { at } from './token-family-fixtures.ts';
import { issuedToken } from './user-fixtures.ts';

/** A second household of Ann’s, which is Ben’s default household. */
export const flatStream: StreamId = { category: 'household', id: 'hh_flat' };

const WEEK = 7 * 86_400;
export const addressHash = 'b7'.repeat(32);

export const flatCreated: HouseholdCreated = {
  type: 'HouseholdCreated',
  data: { name: 'Flat', ownerId: 'user_ann', home: false, createdAt: at(100) },
};
export const renamed: HouseholdRenamed = {
  type: 'HouseholdRenamed',
  data: { name: 'Flat-share', renamedBy: 'user_ann', renamedAt: at(101) },
};
export const memberInvited: MemberInvited = {
  type: 'MemberInvited',
  data: {
    invitationId: 'inv_ben',
    addressHash,
    role: 'member',
    token: issuedToken(11, at(102 + WEEK)),
    mailed: true,
    invitedBy: 'user_ann',
    invitedAt: at(102),
  },
};
export const invitationResent: InvitationResent = {
  type: 'InvitationResent',
  data: {
    invitationId: 'inv_ben',
    token: issuedToken(12, at(200 + WEEK)),
    mailed: true,
    resentBy: 'user_ann',
    resentAt: at(200),
  },
};
export const invitationAccepted: InvitationAccepted = {
  type: 'InvitationAccepted',
  data: { invitationId: 'inv_ben', userId: 'user_ben', acceptedAt: at(201) },
};
export const memberAdded: MemberAdded = {
  type: 'MemberAdded',
  data: {
    userId: 'user_ben',
    role: 'member',
    home: true,
    invitationId: 'inv_ben',
    addedAt: at(201),
  },
};
export const invitationDeclined: InvitationDeclined = {
  type: 'InvitationDeclined',
  data: { invitationId: 'inv_cid', declinedAt: at(202) },
};
export const invitationRevoked: InvitationRevoked = {
  type: 'InvitationRevoked',
  data: { invitationId: 'inv_dan', reason: 'revoked', revokedAt: at(203) },
};
export const memberRoleChanged: MemberRoleChanged = {
  type: 'MemberRoleChanged',
  data: { userId: 'user_ben', role: 'admin', previous: 'member', changedAt: at(204) },
};
export const ownershipTransferred: OwnershipTransferred = {
  type: 'OwnershipTransferred',
  data: { from: 'user_ann', to: 'user_ben', transferredAt: at(205) },
};
export const memberRemoved: MemberRemoved = {
  type: 'MemberRemoved',
  data: { userId: 'user_ann', reason: 'left', removedAt: at(206) },
};
export const householdDeleted: HouseholdDeleted = {
  type: 'HouseholdDeleted',
  data: { deletedBy: 'user_ben', deletedAt: at(207) },
};

/** Every event of a household, in a possible order. */
export const flatEvents: readonly HouseholdEvent[] = [
  flatCreated,
  renamed,
  memberInvited,
  invitationResent,
  invitationAccepted,
  memberAdded,
  invitationDeclined,
  invitationRevoked,
  memberRoleChanged,
  ownershipTransferred,
  memberRemoved,
  householdDeleted,
];
