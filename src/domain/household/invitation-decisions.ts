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

/** Finds the open invitation with that token hash. */
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

/**
 * Finds the invitation of a presented token.
 * @throws DomainError `token_invalid`, `invitation_for_other_address`
 */
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

/** A member may grant at most the role they have. */
const requireGrant = (household: ExistingHousehold, by: string, role: GrantableRole): void => {
  const member = requireRole(household, by, 'admin');
  if (!isAtLeast(member.role, role)) throw new DomainError('household_role_insufficient');
};

/** @throws DomainError `household_role_insufficient`, `already_invited`, `too_many_invitations` */
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

/**
 * @throws DomainError `household_role_insufficient`, `invitation_not_found`, `too_many_invitations`
 */
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

/** @throws DomainError `household_role_insufficient`, `invitation_not_found` */
export const revokeInvitation = (
  { by, invitationId, now }: RevokeInvitation['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  requireRole(household, by, 'admin');
  return [revoked(requireInvitation(household, invitationId), 'revoked', now)];
};

/**
 * Revokes the invitations that `userId` may not have granted as `role`; null: no member any more.
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

/** @throws DomainError `token_invalid`, `invitation_for_other_address`, `household_full` */
export const acceptInvitation = (
  { userId, home, policy, now, ...presented }: AcceptInvitation['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  const { id: invitationId, role } = requireInvitationFor(household, { ...presented, now });
  const accepted: HouseholdEvent = {
    type: 'InvitationAccepted',
    data: { invitationId, userId, acceptedAt: now },
  };
  // An invitation accepted by a member does not change the member's role.
  if (findMember(household, userId) !== undefined) return [accepted];
  if (household.members.length >= policy.maxMembers) throw new DomainError('household_full');
  const data = { userId, role, home, invitationId, addedAt: now };
  return [accepted, { type: 'MemberAdded', data }];
};

/** @throws DomainError `token_invalid` */
export const declineInvitation = (
  { tokenHash, now }: DeclineInvitation['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  const { id: invitationId } = requireToken(household, tokenHash, now);
  return [{ type: 'InvitationDeclined', data: { invitationId, declinedAt: now } }];
};
