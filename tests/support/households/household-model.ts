import type { HouseholdCommand } from '../../../src/domain/household/household-commands.ts';
import type { HouseholdRole } from '../../../src/domain/household/household-events.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import { ANN } from '../events/household-fixtures.ts';

type Invitation = {
  address: string;
  role: HouseholdRole;
  by: string;
  token: string;
  until: Instant;
  sent: number;
  sentAt: Instant;
};

/** The roles that each role may grant and remove. */
const commands: Readonly<Record<HouseholdRole, readonly HouseholdRole[]>> = {
  owner: ['admin', 'member', 'viewer'],
  admin: ['member', 'viewer'],
  member: [],
  viewer: [],
};
const grants: typeof commands = { ...commands, admin: ['admin', 'member', 'viewer'] };

/** A simple model of a household's rules, with its members and open invitations. */
export const createHouseholdModel = () => {
  const members = new Map<string, HouseholdRole>([[ANN, 'owner']]);
  const invitations = new Map<string, Invitation>();
  let gone = false;

  const roleOf = (id: string) => members.get(id);
  const isAdmin = (id: string) => roleOf(id) === 'admin' || roleOf(id) === 'owner';
  const mayTouch = (by: string, other: string): boolean => {
    const [mine, theirs] = [roleOf(by), roleOf(other)];
    return mine !== undefined && theirs !== undefined && commands[mine].includes(theirs);
  };
  const mayGrant = (by: string, role: HouseholdRole): boolean => {
    const mine = roleOf(by);
    return mine !== undefined && grants[mine].includes(role);
  };
  const open = (now: Instant) => [...invitations].filter(([, { until }]) => now < until);
  const withToken = (token: string, now: Instant) =>
    open(now).find(([, each]) => each.token === token);
  const dropPromisesOf = (id: string): boolean => {
    for (const [key, { by }] of invitations) if (by === id) invitations.delete(key);
    return true;
  };

  /** Applies a command if it is permitted. @returns whether it is */
  const give = ({ type, data }: HouseholdCommand): boolean => {
    if (gone) return false;
    switch (type) {
      case 'CreateHousehold':
        return false;
      case 'RenameHousehold':
        return isAdmin(data.by);
      case 'AddMember':
        if (!members.has(data.userId)) members.set(data.userId, data.role);
        return true;
      case 'InviteMember': {
        const { by, addressHashes, role, policy, token, now } = data;
        const others = open(now);
        const [address] = addressHashes;
        if (!mayGrant(by, role) || others.some(([, each]) => each.address === address))
          return false;
        if (others.length >= policy.maxOpenInvitations) return false;
        for (const [id, { until }] of invitations) if (until <= now) invitations.delete(id);
        const { tokenHash, expiresAt: until } = token;
        invitations.set(data.invitationId, {
          ...{ address, role, by, until, token: tokenHash },
          ...{ sent: 1, sentAt: now },
        });
        return true;
      }
      case 'ResendInvitation': {
        const { policy, token, now } = data;
        const found = invitations.get(data.invitationId);
        if (found === undefined || !isAdmin(data.by)) return false;
        const waited = Date.parse(now) - Date.parse(found.sentAt) >= policy.resendSeconds * 1_000;
        if (!waited || found.sent >= policy.maxSendings) return false;
        Object.assign(found, { token: token.tokenHash, until: token.expiresAt, sentAt: now });
        found.sent += 1;
        return true;
      }
      case 'RevokeInvitation':
        return isAdmin(data.by) && invitations.delete(data.invitationId);
      case 'DeclineInvitation': {
        const [id = ''] = withToken(data.tokenHash, data.now) ?? [];
        return invitations.delete(id);
      }
      case 'AcceptInvitation': {
        const [id, found] = withToken(data.tokenHash, data.now) ?? [];
        if (id === undefined || found?.address !== data.addressHashes[0]) return false;
        if (!members.has(data.userId)) {
          if (members.size >= data.policy.maxMembers) return false;
          members.set(data.userId, found.role);
        }
        return invitations.delete(id);
      }
      case 'ChangeMemberRole': {
        const { by, userId, role } = data;
        if (!mayTouch(by, userId) || !mayGrant(by, role)) return false;
        const before = roleOf(userId);
        members.set(userId, role);
        return before === role || role === 'admin' || dropPromisesOf(userId);
      }
      case 'RemoveMember': {
        const { by, userId } = data;
        const leaves = by === userId && roleOf(by) !== 'owner' && members.has(by);
        if (!leaves && !mayTouch(by, userId)) return false;
        return members.delete(userId) && dropPromisesOf(userId);
      }
      case 'EraseMember': {
        const { userId } = data;
        const owned = roleOf(userId) === 'owner';
        if (members.delete(userId)) dropPromisesOf(userId);
        if (!owned) return true;
        const ranks: readonly HouseholdRole[] = ['admin', 'member', 'viewer'];
        const heirs = ranks.flatMap((rank) => [...members].filter(([, role]) => role === rank));
        const [heir] = heirs;
        gone = heir === undefined;
        if (heir !== undefined) members.set(heir[0], 'owner');
        return true;
      }
      case 'TransferOwnership': {
        const { by, to } = data;
        if (roleOf(by) !== 'owner' || !members.has(to)) return false;
        members.set(by, 'admin').set(to, 'owner');
        return true;
      }
      case 'DeleteHousehold':
        gone = roleOf(data.by) === 'owner';
        return gone;
    }
  };

  return {
    give,
    /** The model in the form of the decider's state; undefined once deleted. */
    view: () =>
      gone
        ? undefined
        : {
            members: [...members].map(([userId, role]) => ({ userId, role })),
            invitations: [...invitations].map(([id, { address, role, by, token, sent }]) => ({
              ...{ id, addressHash: address, role, invitedBy: by, tokenHash: token },
              sendings: sent,
            })),
          },
  };
};
