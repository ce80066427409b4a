import type { DomainEvent } from '../decider.ts';
import type { Instant } from '../instant.ts';
import type { IssuedToken } from '../one-time-token.ts';

// These names are the storage format: never renamed, never reused with another meaning.

export type HouseholdRole = 'owner' | 'admin' | 'member' | 'viewer';
/**
 * A role that can be granted. Ownership is transferred instead: a household has exactly one owner.
 */
export type GrantableRole = Exclude<HouseholdRole, 'owner'>;

/**
 * A household exists, with its owner as first member. `home`: it is the owner's default household.
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
 * A user with the invited address verified may join. The log does not hold the address:
 * `addressHash` is a keyed hash (HMAC-SHA256, hex). `mailed` is false when the address reached its
 * daily limit.
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

/** The invitation has a new token; its previous token is invalid. */
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

/** The invitation is closed: by an admin, or because its inviter may no longer grant the role. */
export type InvitationRevoked = DomainEvent<
  'InvitationRevoked',
  { invitationId: string; reason: 'revoked' | 'inviter_lost_rank'; revokedAt: Instant }
>;

/**
 * A user is a member. `home`: this is the member's default household. `invitationId` is null for a
 * member taken over from another system.
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

/** `to` is the owner; `from` remains a member with the role `admin`. */
export type OwnershipTransferred = DomainEvent<
  'OwnershipTransferred',
  { from: string; to: string; transferredAt: Instant }
>;

/** The household has no members and no rows in its tables any more. */
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
