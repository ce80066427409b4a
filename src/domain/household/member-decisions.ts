import { DomainError } from '../domain-error.ts';
import type {
  AddMember,
  ChangeMemberRole,
  DeleteHousehold,
  EraseMember,
  RemoveMember,
  RenameHousehold,
  TransferOwnership,
} from './household-commands.ts';
import type { HouseholdEvent, MemberRemovalReason } from './household-events.ts';
import {
  findMember,
  findSuccessor,
  isAtLeast,
  outranks,
  requireMember,
  requireRole,
} from './household-rank.ts';
import type { ExistingHousehold, Member } from './household-state.ts';
import { revokeBeyond } from './invitation-decisions.ts';

const requireOther = (household: ExistingHousehold, userId: string): Member => {
  const member = findMember(household, userId);
  if (member === undefined) throw new DomainError('member_not_found');
  return member;
};

/** @throws DomainError `household_not_found`, `household_role_insufficient` */
export const renameHousehold = (
  { by, name, now }: RenameHousehold['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  requireRole(household, by, 'admin');
  if (name === household.name) return [];
  return [{ type: 'HouseholdRenamed', data: { name, renamedBy: by, renamedAt: now } }];
};

export const addMember = (
  { userId, role, home, now }: AddMember['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  if (findMember(household, userId) !== undefined) return [];
  const data = { userId, role, home, invitationId: null, addedAt: now };
  return [{ type: 'MemberAdded', data }];
};

/**
 * Changes the role of a lower-ranked member, to at most the actor's own role.
 * @throws DomainError `member_not_found`, `household_role_insufficient`
 */
export const changeMemberRole = (
  { by, userId, role, now }: ChangeMemberRole['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  const actor = requireRole(household, by, 'admin');
  const { role: previous } = requireOther(household, userId);
  if (!outranks(actor.role, previous) || !isAtLeast(actor.role, role) || previous === 'owner') {
    throw new DomainError('household_role_insufficient');
  }
  if (role === previous) return [];
  return [
    { type: 'MemberRoleChanged', data: { userId, role, previous, changedAt: now } },
    ...revokeBeyond(household, userId, role, now),
  ];
};

const removed = (
  household: ExistingHousehold,
  userId: string,
  reason: MemberRemovalReason,
  now: RemoveMember['data']['now'],
): readonly HouseholdEvent[] => [
  { type: 'MemberRemoved', data: { userId, reason, removedAt: now } },
  ...revokeBeyond(household, userId, null, now),
];

/** @throws DomainError `member_not_found`, `household_role_insufficient`, `owner_must_stay` */
export const removeMember = (
  { by, userId, now }: RemoveMember['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  if (by === userId) {
    if (requireMember(household, by).role === 'owner') throw new DomainError('owner_must_stay');
    return removed(household, userId, 'left', now);
  }
  const actor = requireRole(household, by, 'admin');
  const member = requireOther(household, userId);
  if (!outranks(actor.role, member.role)) throw new DomainError('household_role_insufficient');
  return removed(household, userId, 'removed', now);
};

/** @throws DomainError `member_not_found`, `household_role_insufficient` */
export const transferOwnership = (
  { by, to, now }: TransferOwnership['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  requireRole(household, by, 'owner');
  requireOther(household, to);
  if (by === to) return [];
  return [{ type: 'OwnershipTransferred', data: { from: by, to, transferredAt: now } }];
};

/**
 * Deletes the household, unless it was created with an account and is a member's default household.
 * @throws DomainError `household_role_insufficient`, `home_household_must_stay`
 */
export const deleteHousehold = (
  { by, now }: DeleteHousehold['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  requireRole(household, by, 'owner');
  const isHome = household.home && household.members.some(({ home }) => home);
  if (isHome) throw new DomainError('home_household_must_stay');
  return [{ type: 'HouseholdDeleted', data: { deletedBy: by, deletedAt: now } }];
};

/** Removes the member. An owner's household passes to a successor, or is deleted without one. */
export const eraseMember = (
  { userId, now }: EraseMember['data'],
  household: ExistingHousehold,
): readonly HouseholdEvent[] => {
  const member = findMember(household, userId);
  if (member === undefined) return [];
  const leaves = removed(household, userId, 'erased', now);
  if (member.role !== 'owner') return leaves;
  const successor = findSuccessor(household, userId);
  if (successor === undefined) {
    return [{ type: 'HouseholdDeleted', data: { deletedBy: userId, deletedAt: now } }];
  }
  const data = { from: userId, to: successor.userId, transferredAt: now };
  return [{ type: 'OwnershipTransferred', data }, ...leaves];
};
