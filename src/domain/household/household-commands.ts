import type { DomainCommand } from '../decider.ts';
import type { Instant } from '../instant.ts';
import type { IssuedToken } from '../one-time-token.ts';
import type { GrantableRole } from './household-events.ts';

/** Limits on a household's members and invitation mails; set by configuration. */
export type HouseholdPolicy = Readonly<{
  maxMembers: number;
  /** Limit on the open invitations of one household. */
  maxOpenInvitations: number;
  /** Limit on the mails of one invitation, the first one included. */
  maxSendings: number;
  /** Minimum time between two mails of one invitation. */
  resendSeconds: number;
}>;

/**
 * Keyed hashes of one address (HMAC-SHA256, hex): under the current key, then under earlier keys.
 */
export type AddressHashes = readonly [current: string, ...earlier: string[]];

/**
 * Creates a household with one member, its owner. `home`: the owner has no default household yet.
 */
export type CreateHousehold = DomainCommand<
  'CreateHousehold',
  { name: string; ownerId: string; home: boolean; now: Instant }
>;

/**
 * `by`: the acting user, as in every command below; refused like an unknown household if no member.
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

/** `addressHashes`: those of the user's verified address. */
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

/** Needs nothing but the token: the invited person may have no account. */
export type DeclineInvitation = DomainCommand<
  'DeclineInvitation',
  { tokenHash: string; now: Instant }
>;

/** Adds a member taken over from another system; the policy does not apply. */
export type AddMember = DomainCommand<
  'AddMember',
  { userId: string; role: GrantableRole; home: boolean; now: Instant }
>;

export type ChangeMemberRole = DomainCommand<
  'ChangeMemberRole',
  { by: string; userId: string; role: GrantableRole; now: Instant }
>;

/** Removes a member; `by` equal to `userId` means that the member leaves. */
export type RemoveMember = DomainCommand<
  'RemoveMember',
  { by: string; userId: string; now: Instant }
>;

/** Removes a member whose account is erased, whatever the member's role. */
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
