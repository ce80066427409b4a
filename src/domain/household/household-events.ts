import type { DomainEvent } from '../decider.ts';
import type { Instant } from '../instant.ts';
import type { IssuedToken } from '../one-time-token.ts';

// These names are the storage format: never renamed, never reused with another meaning.

export type HouseholdRole = 'owner' | 'admin' | 'member' | 'viewer';
/** Ownership is transferred, never granted: there is one owner at all times. */
export type GrantableRole = Exclude<HouseholdRole, 'owner'>;

/**
 * A household and its first member, the owner. `home`: it becomes the owner's default household,
 * since there was no other.
 */
export type HouseholdCreated = DomainEvent<
  'HouseholdCreated',
  { name: string; ownerId: string; home: boolean; createdAt: Instant }
>;

export type HouseholdRenamed = DomainEvent<
  'HouseholdRenamed',
  { name: string; renamedBy: string; renamedAt: Instant }
>;

/**
 * A user whose verified address was invited may join. The log does not hold the address:
 * `addressHash` is a keyed hash of it (HMAC-SHA256, hex). `mailed` is false when the address got
 * too many invitations recently.
 */
export type MemberInvited = DomainEvent<
  'MemberInvited',
  {
    invitationId: string;
    addressHash: string;
    role: GrantableRole;
    token: IssuedToken;
    mailed: boolean;
    invitedBy: string;
    invitedAt: Instant;
  }
>;

/** A new token for the same invitation; the one before is void. */
export type InvitationResent = DomainEvent<
  'InvitationResent',
  { invitationId: string; token: IssuedToken; mailed: boolean; resentBy: string; resentAt: Instant }
>;

export type InvitationAccepted = DomainEvent<
  'InvitationAccepted',
  { invitationId: string; userId: string; acceptedAt: Instant }
>;

export type InvitationDeclined = DomainEvent<
  'InvitationDeclined',
  { invitationId: string; declinedAt: Instant }
>;

/** Revoked by a member with the right to, or because its sender may no longer grant its role. */
export type InvitationRevoked = DomainEvent<
  'InvitationRevoked',
  { invitationId: string; reason: 'revoked' | 'inviter_lost_rank'; revokedAt: Instant }
>;

/**
 * `home`: it becomes the member's default household, since there was no other. `invitationId` is
 * null for members taken over from an older system.
 */
export type MemberAdded = DomainEvent<
  'MemberAdded',
  {
    userId: string;
    role: GrantableRole;
    home: boolean;
    invitationId: string | null;
    addedAt: Instant;
  }
>;

export type MemberRoleChanged = DomainEvent<
  'MemberRoleChanged',
  { userId: string; role: GrantableRole; previous: GrantableRole; changedAt: Instant }
>;

export type MemberRemovalReason = 'left' | 'removed' | 'erased';

export type MemberRemoved = DomainEvent<
  'MemberRemoved',
  { userId: string; reason: MemberRemovalReason; removedAt: Instant }
>;

/** `from` stays on as an admin. */
export type OwnershipTransferred = DomainEvent<
  'OwnershipTransferred',
  { from: string; to: string; transferredAt: Instant }
>;

/** The household has no members any more, and its data is deleted. */
export type HouseholdDeleted = DomainEvent<
  'HouseholdDeleted',
  { deletedBy: string; deletedAt: Instant }
>;

export type HouseholdEvent =
  | HouseholdCreated
  | HouseholdRenamed
  | MemberInvited
  | InvitationResent
  | InvitationAccepted
  | InvitationDeclined
  | InvitationRevoked
  | MemberAdded
  | MemberRoleChanged
  | MemberRemoved
  | OwnershipTransferred
  | HouseholdDeleted;
