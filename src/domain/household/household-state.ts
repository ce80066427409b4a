import type { Instant } from '../instant.ts';
import type { IssuedToken } from '../one-time-token.ts';
import type { GrantableRole, HouseholdEvent, HouseholdRole } from './household-events.ts';

/** `home`: the household became the member's default household when the member joined. */
export type Member = Readonly<{ userId: string; role: HouseholdRole; home: boolean }>;

/** An invitation that is neither accepted, declined nor revoked; it may have expired. */
export type OpenInvitation = Readonly<{
  id: string;
  addressHash: string;
  role: GrantableRole;
  invitedBy: string;
  tokenHash: string;
  expiresAt: Instant;
  /** Number of mails requested so far; `sentAt` is the time of the last request. */
  sendings: number;
  sentAt: Instant;
}>;

export type ExistingHousehold = Readonly<{
  status: 'existing';
  name: string;
  /** Set if it was created as the default household of its owner. */
  home: boolean;
  /** Members in the order of joining. */
  members: readonly Member[];
  invitations: readonly OpenInvitation[];
}>;

export type HouseholdState = Readonly<{ status: 'absent' | 'deleted' }> | ExistingHousehold;

const sent = ({ tokenHash, expiresAt }: IssuedToken, sentAt: Instant) => ({
  tokenHash,
  expiresAt,
  sentAt,
});

const withRoles = (
  { members }: ExistingHousehold,
  roles: Readonly<Record<string, HouseholdRole>>,
): readonly Member[] =>
  members.map((member) => ({ ...member, role: roles[member.userId] ?? member.role }));

const evolveExisting = (
  household: ExistingHousehold,
  { type, data }: Exclude<HouseholdEvent, { type: 'HouseholdCreated' }>,
): HouseholdState => {
  const { members, invitations } = household;
  switch (type) {
    case 'HouseholdRenamed':
      return { ...household, name: data.name };
    case 'MemberInvited': {
      const { invitationId: id, addressHash, role, invitedBy, token, invitedAt } = data;
      const open = invitations.filter(({ expiresAt }) => expiresAt > invitedAt);
      const invitation = {
        id,
        addressHash,
        role,
        invitedBy,
        sendings: 1,
        ...sent(token, invitedAt),
      };
      return { ...household, invitations: [...open, invitation] };
    }
    case 'InvitationResent':
      return {
        ...household,
        invitations: invitations.map((invitation) =>
          invitation.id === data.invitationId
            ? {
                ...invitation,
                sendings: invitation.sendings + 1,
                ...sent(data.token, data.resentAt),
              }
            : invitation,
        ),
      };
    case 'InvitationAccepted':
    case 'InvitationDeclined':
    case 'InvitationRevoked':
      return {
        ...household,
        invitations: invitations.filter(({ id }) => id !== data.invitationId),
      };
    case 'MemberAdded': {
      const { userId, role, home } = data;
      return { ...household, members: [...members, { userId, role, home }] };
    }
    case 'MemberRoleChanged':
      return { ...household, members: withRoles(household, { [data.userId]: data.role }) };
    case 'MemberRemoved':
      return { ...household, members: members.filter(({ userId }) => userId !== data.userId) };
    case 'OwnershipTransferred':
      return {
        ...household,
        members: withRoles(household, { [data.from]: 'admin', [data.to]: 'owner' }),
      };
    case 'HouseholdDeleted':
      return { status: 'deleted' };
  }
};

export const evolveHousehold = (state: HouseholdState, event: HouseholdEvent): HouseholdState => {
  if (event.type !== 'HouseholdCreated') {
    return state.status === 'existing' ? evolveExisting(state, event) : state;
  }
  const { name, home, ownerId } = event.data;
  const members = [{ userId: ownerId, role: 'owner', home }] as const;
  return { status: 'existing', name, home, members, invitations: [] };
};
