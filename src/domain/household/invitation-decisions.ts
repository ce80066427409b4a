import { DomainError } from '../domain-error.ts';
import { type Instant, plusSeconds } from '../instant.ts';
import type {
  AcceptInvitation,
  AddressHashes,
  DeclineInvitation,
  InviteMember,
  ResendInvitation,
  RevokeInvitation,
} from './household-commands.ts';
import type { GrantableRole, HouseholdEvent, InvitationRevoked } from './household-events.ts';
import { findMember, isAtLeast, requireRole } from './household-rank.ts';
import type { ExistingHousehold, OpenInvitation } from './household-state.ts';

const isOpen = ({ expiresAt }: OpenInvitation, now: Instant): boolean => now < expiresAt;

const openInvitations = ({ invitations }: ExistingHousehold, now: Instant) =>
  invitations.filter((invitation) => isOpen(invitation, now));

const requireInvitation = (household: ExistingHousehold, id: string): OpenInvitation => {
  const found = household.invitations.find((invitation) => invitation.id === id);
  if (found === undefined) throw new DomainError('invitation_not_found');
  return found;
};

/** The open invitation with that token. */
export const findInvitation = (
  household: ExistingHousehold,
  tokenHash: string,
  now: Instant,
): OpenInvitation | undefined =>
  openInvitations(household, now).find((open) => open.tokenHash === tokenHash);

const requireToken = (
  household: ExistingHousehold,
  tokenHash: string,
  now: Instant,
): OpenInvitation => {
  const found = findInvitation(household, tokenHash, now);
  if (found === undefined) throw new DomainError('token_invalid');
  return found;
};

type Presented = Readonly<{ tokenHash: string; addressHashes: AddressHashes; now: Instant }>;

/** The invitation of that token, for who has that address. */
export const requireInvitationFor = (
  household: ExistingHousehold,
  { tokenHash, addressHashes, now }: Presented,
): OpenInvitation => {
  const invitation = requireToken(household, tokenHash, now);
  if (!addressHashes.includes(invitation.addressHash)) {
    throw new DomainError('invitation_for_other_address');
  }
  return invitation;
};

/** A member cannot grant a role above their own. */
const requireGrant = (household: ExistingHousehold, by: string, role: GrantableRole): void => {
  const member = requireRole(household, by, 'admin');
  if (!isAtLeast(member.role, role)) throw new DomainError('household_role_insufficient');
};

export const inviteMember = (
  { by, policy, now, addressHashes, ...invitation }: InviteMember['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  requireGrant(household, by, invitation.role);
  const open = openInvitations(household, now);
  if (open.some(({ addressHash }) => addressHashes.includes(addressHash))) {
    throw new DomainError('already_invited');
  }
  if (open.length >= policy.maxOpenInvitations) throw new DomainError('too_many_invitations');
  const [addressHash] = addressHashes;
  const data = { ...invitation, addressHash, invitedBy: by, invitedAt: now };
  return [{ type: 'MemberInvited', data }];
};

export const resendInvitation = (
  { by, invitationId, token, mailed, policy, now }: ResendInvitation['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  requireRole(household, by, 'admin');
  const invitation = requireInvitation(household, invitationId);
  requireGrant(household, by, invitation.role);
  const { sendings, sentAt } = invitation;
  const tooSoon = now < plusSeconds(sentAt, policy.resendSeconds);
  if (tooSoon || sendings >= policy.maxSendings) throw new DomainError('too_many_invitations');
  return [
    {
      type: 'InvitationResent',
      data: { invitationId, token, mailed, resentBy: by, resentAt: now },
    },
  ];
};

const revoked = (
  { id: invitationId }: OpenInvitation,
  reason: InvitationRevoked['data']['reason'],
  now: Instant,
): InvitationRevoked => ({
  type: 'InvitationRevoked',
  data: { invitationId, reason, revokedAt: now },
});

export const revokeInvitation = (
  { by, invitationId, now }: RevokeInvitation['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  requireRole(household, by, 'admin');
  return [revoked(requireInvitation(household, invitationId), 'revoked', now)];
};

/**
 * Revokes the open invitations that `userId` may no longer grant with the new role `role`; null: no
 * longer a member.
 */
export const revokeBeyond = (
  { invitations }: ExistingHousehold,
  userId: string,
  role: GrantableRole | null,
  now: Instant,
): readonly InvitationRevoked[] =>
  invitations
    .filter(({ invitedBy }) => invitedBy === userId && role !== 'admin')
    .map((invitation) => revoked(invitation, 'inviter_lost_rank', now));

export const acceptInvitation = (
  { userId, home, policy, now, ...presented }: AcceptInvitation['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  const { id: invitationId, role } = requireInvitationFor(household, { ...presented, now });
  const accepted: HouseholdEvent = {
    type: 'InvitationAccepted',
    data: { invitationId, userId, acceptedAt: now },
  };
  // A member keeps the role they have: a late invitation does not change it.
  if (findMember(household, userId) !== undefined) return [accepted];
  if (household.members.length >= policy.maxMembers) throw new DomainError('household_full');
  const data = { userId, role, home, invitationId, addedAt: now };
  return [accepted, { type: 'MemberAdded', data }];
};

export const declineInvitation = (
  { tokenHash, now }: DeclineInvitation['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  const { id: invitationId } = requireToken(household, tokenHash, now);
  return [{ type: 'InvitationDeclined', data: { invitationId, declinedAt: now } }];
};
