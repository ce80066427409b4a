import { DomainError } from '../domain-error.ts';
import type { HouseholdRole } from './household-events.ts';
import type { ExistingHousehold, Member } from './household-state.ts';

const RANKS: Readonly<Record<HouseholdRole, number>> = { viewer: 0, member: 1, admin: 2, owner: 3 };

/** Compares ranks: viewer, member, admin, owner. */
export const isAtLeast = (role: HouseholdRole, minimum: HouseholdRole): boolean =>
  RANKS[role] >= RANKS[minimum];

export const outranks = (role: HouseholdRole, other: HouseholdRole): boolean =>
  RANKS[role] > RANKS[other];

export const findMember = ({ members }: ExistingHousehold, userId: string): Member | undefined =>
  members.find((member) => member.userId === userId);

/**
 * Returns the acting member.
 * @throws DomainError `household_not_found` for a user who is no member
 */
export const requireMember = (household: ExistingHousehold, userId: string): Member => {
  const member = findMember(household, userId);
  if (member === undefined) throw new DomainError('household_not_found');
  return member;
};

/**
 * Returns the acting member.
 * @throws DomainError as `requireMember`, `household_role_insufficient`
 */
export const requireRole = (
  household: ExistingHousehold,
  userId: string,
  minimum: HouseholdRole,
): Member => {
  const member = requireMember(household, userId);
  if (!isAtLeast(member.role, minimum)) throw new DomainError('household_role_insufficient');
  return member;
};

/** Returns who owns the household after `userId`: the highest role, then the longest membership. */
export const findSuccessor = ({ members }: ExistingHousehold, userId: string): Member | undefined =>
  members
    .filter((member) => member.userId !== userId)
    .reduce<Member | undefined>(
      (best, member) => (best === undefined || outranks(member.role, best.role) ? member : best),
      undefined,
    );
