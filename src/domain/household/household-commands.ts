import type { DomainCommand } from '../decider.ts';
import type { Instant } from '../instant.ts';
import type { IssuedToken } from '../one-time-token.ts';
import type { GrantableRole } from './household-events.ts';

/** Limits of a household: its members and the mails it causes. Set by configuration. */
export type HouseholdPolicy = Readonly<{
  maxMembers: number;
  /** Invitations of one household that are open at the same time. */
  maxOpenInvitations: number;
  /** Mails per invitation, the first one included. */
  maxSendings: number;
  /** Between two mails of one invitation. */
  resendSeconds: number;
}>;

export type AddressHashes = readonly [current: string, ...earlier: string[]];

export type CreateHousehold = DomainCommand<
  'CreateHousehold',
  { name: string; ownerId: string; home: boolean; now: Instant }
>;

/**
 * Commands of members. `by` is the member; a user who is not a member gets `household_not_found`.
 */
export type RenameHousehold = DomainCommand<
  'RenameHousehold',
  { by: string; name: string; now: Instant }
>;

export type InviteMember = DomainCommand<
  'InviteMember',
  {
    by: string;
    invitationId: string;
    /** Keyed hashes of the address, one per known key, the current key's first. */
    addressHashes: AddressHashes;
    role: GrantableRole;
    token: IssuedToken;
    mailed: boolean;
    policy: HouseholdPolicy;
    now: Instant;
  }
>;

export type ResendInvitation = DomainCommand<
  'ResendInvitation',
  {
    by: string;
    invitationId: string;
    token: IssuedToken;
    mailed: boolean;
    policy: HouseholdPolicy;
    now: Instant;
  }
>;

export type RevokeInvitation = DomainCommand<
  'RevokeInvitation',
  { by: string; invitationId: string; now: Instant }
>;

/** `addressHashes`: hashes of the user's verified address. */
export type AcceptInvitation = DomainCommand<
  'AcceptInvitation',
  {
    tokenHash: string;
    userId: string;
    addressHashes: AddressHashes;
    home: boolean;
    policy: HouseholdPolicy;
    now: Instant;
  }
>;

/** The token is enough: who declines may have no account. */
export type DeclineInvitation = DomainCommand<
  'DeclineInvitation',
  { tokenHash: string; now: Instant }
>;

/** Adds a member of an older system; the limits do not apply. */
export type AddMember = DomainCommand<
  'AddMember',
  { userId: string; role: GrantableRole; home: boolean; now: Instant }
>;

export type ChangeMemberRole = DomainCommand<
  'ChangeMemberRole',
  { by: string; userId: string; role: GrantableRole; now: Instant }
>;

/** `by` and `userId` the same: the member leaves. */
export type RemoveMember = DomainCommand<
  'RemoveMember',
  { by: string; userId: string; now: Instant }
>;

/** The member is forgotten, whatever the rank. */
export type EraseMember = DomainCommand<'EraseMember', { userId: string; now: Instant }>;

export type TransferOwnership = DomainCommand<
  'TransferOwnership',
  { by: string; to: string; now: Instant }
>;

export type DeleteHousehold = DomainCommand<'DeleteHousehold', { by: string; now: Instant }>;

export type HouseholdCommand =
  | CreateHousehold
  | RenameHousehold
  | InviteMember
  | ResendInvitation
  | RevokeInvitation
  | AcceptInvitation
  | DeclineInvitation
  | AddMember
  | ChangeMemberRole
  | RemoveMember
  | EraseMember
  | TransferOwnership
  | DeleteHousehold;
