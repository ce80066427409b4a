import type {
  AcceptInvitation,
  HouseholdCommand,
  InviteMember,
  ResendInvitation,
} from '../../../src/domain/household/household-commands.ts';
import type {
  GrantableRole,
  HouseholdEvent,
  InvitationResent,
  InvitationRevoked,
  MemberInvited,
} from '../../../src/domain/household/household-events.ts';
import { ANN, DAN, policy } from './household-fixtures.ts';
import { at, START } from './token-family-fixtures.ts';
import { issuedToken } from './user-fixtures.ts';

export const LIFETIME = 7 * 86_400;

/** The hashes of a user's address, under the current key and the previous one. */
export const hashesOf = (person: string): readonly [current: string, earlier: string] => [
  `new ${person}`,
  `old ${person}`,
];

// Invitations and their tokens are numbered; the seconds count from `START`.

export const invitation = (number: number): string => `inv_${number}`;
export const hashOfToken = (number: number): string => issuedToken(number, START).tokenHash;
const tokenOf = (number: number, seconds: number) => issuedToken(number, at(seconds + LIFETIME));

type Asking = Readonly<{ by?: string; person?: string; role?: GrantableRole; mailed?: boolean }>;

export const invite = (
  number: number,
  seconds = 0,
  { by = ANN, person = 'dan', role = 'member', mailed = true }: Asking = {},
): InviteMember => ({
  type: 'InviteMember',
  data: {
    by,
    invitationId: invitation(number),
    addressHashes: hashesOf(person),
    role,
    token: tokenOf(number, seconds),
    mailed,
    policy,
    now: at(seconds),
  },
});
export const invited = (
  number: number,
  seconds = 0,
  { by: invitedBy = ANN, person = 'dan', role = 'member', mailed = true }: Asking = {},
): MemberInvited => ({
  type: 'MemberInvited',
  data: {
    invitationId: invitation(number),
    addressHash: hashesOf(person)[0],
    role,
    token: tokenOf(number, seconds),
    mailed,
    invitedBy,
    invitedAt: at(seconds),
  },
});

/** `token`: the number of the token that is sent. */
export const resend = (
  number: number,
  token: number,
  seconds: number,
  { by = ANN, mailed = true }: Asking = {},
): ResendInvitation => ({
  type: 'ResendInvitation',
  data: {
    by,
    invitationId: invitation(number),
    token: tokenOf(token, seconds),
    mailed,
    policy,
    now: at(seconds),
  },
});
export const resent = (
  number: number,
  token: number,
  seconds: number,
  { by: resentBy = ANN, mailed = true }: Asking = {},
): InvitationResent => ({
  type: 'InvitationResent',
  data: {
    invitationId: invitation(number),
    token: tokenOf(token, seconds),
    mailed,
    resentBy,
    resentAt: at(seconds),
  },
});

type Accepting = Readonly<{ person?: string; userId?: string; home?: boolean }>;

export const accept = (
  token: number,
  seconds: number,
  { person = 'dan', userId = DAN, home = false }: Accepting = {},
): AcceptInvitation => ({
  type: 'AcceptInvitation',
  data: {
    tokenHash: hashOfToken(token),
    userId,
    addressHashes: hashesOf(person),
    home,
    policy,
    now: at(seconds),
  },
});
export const accepted = (number: number, seconds: number, userId = DAN): HouseholdEvent => ({
  type: 'InvitationAccepted',
  data: { invitationId: invitation(number), userId, acceptedAt: at(seconds) },
});
export const voided = (
  number: number,
  seconds: number,
  reason: InvitationRevoked['data']['reason'] = 'revoked',
): InvitationRevoked => ({
  type: 'InvitationRevoked',
  data: { invitationId: invitation(number), reason, revokedAt: at(seconds) },
});

/** Every command of a member, with the least role that permits it. */
export const wishes = (by: string): Readonly<Record<string, HouseholdCommand>> => ({
  rename: { type: 'RenameHousehold', data: { by, name: 'Anew', now: at(9) } },
  invite: invite(9, 9, { by, role: 'viewer', person: 'eve' }),
  resend: resend(1, 8, 90, { by }),
  revoke: { type: 'RevokeInvitation', data: { by, invitationId: invitation(1), now: at(9) } },
  change: { type: 'ChangeMemberRole', data: { by, userId: DAN, role: 'viewer', now: at(9) } },
  remove: { type: 'RemoveMember', data: { by, userId: DAN, now: at(9) } },
  transfer: { type: 'TransferOwnership', data: { by, to: DAN, now: at(9) } },
  delete: { type: 'DeleteHousehold', data: { by, now: at(9) } },
});
