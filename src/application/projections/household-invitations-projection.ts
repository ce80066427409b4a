import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import type { IssuedToken } from '../../domain/one-time-token.ts';
import type { Projection } from './row-change.ts';

const sent = ({ tokenHash, expiresAt }: IssuedToken) => ({
  token_hash: tokenHash,
  expires_at: expiresAt,
});

/** Keeps one row per invitation that is neither accepted, declined nor revoked. */
export const householdInvitationsProjection: Projection<HouseholdEvent> = ({
  stream: { id: householdId },
  event: { type, data },
}) => {
  const table = 'household_invitations';
  switch (type) {
    case 'MemberInvited':
      return [
        {
          table,
          op: 'insert',
          where: { id: data.invitationId },
          set: {
            household_id: householdId,
            address_hash: data.addressHash,
            role: data.role,
            invited_by: data.invitedBy,
            created_at: data.invitedAt,
            ...sent(data.token),
          },
        },
      ];
    case 'InvitationResent':
      return [{ table, op: 'update', where: { id: data.invitationId }, set: sent(data.token) }];
    case 'InvitationAccepted':
    case 'InvitationDeclined':
    case 'InvitationRevoked':
      return [{ table, op: 'delete', where: { id: data.invitationId }, set: {} }];
    case 'HouseholdDeleted':
      return [{ table, op: 'delete', where: { household_id: householdId }, set: {} }];
    case 'HouseholdCreated':
    case 'HouseholdRenamed':
    case 'MemberAdded':
    case 'MemberRoleChanged':
    case 'MemberRemoved':
    case 'OwnershipTransferred':
      return [];
  }
};
