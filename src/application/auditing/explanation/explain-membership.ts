import { DomainError } from '../../../domain/domain-error.ts';
import type { HouseholdEvent, HouseholdRole } from '../../../domain/household/household-events.ts';
import { findMember, isAtLeast } from '../../../domain/household/household-rank.ts';
import { householdAggregate } from '../../kernel/aggregate.ts';
import { stateOfHousehold } from '../history/as-of-household.ts';
import type { HouseholdPast } from '../history/as-of-streams.ts';
import { becauseOf, type Finding } from './explain-reasons.ts';
import type { FoundRoute } from './route-access.ts';

/** Whether an event begins, changes or ends the user's membership. */
const concerns = ({ type, data }: HouseholdEvent, userId: string): boolean => {
  switch (type) {
    case 'HouseholdCreated':
      return data.ownerId === userId;
    case 'MemberAdded':
    case 'MemberRoleChanged':
    case 'MemberRemoved':
      return data.userId === userId;
    case 'OwnershipTransferred':
      return data.from === userId || data.to === userId;
    case 'HouseholdDeleted':
      return true;
    case 'HouseholdRenamed':
    case 'MemberInvited':
    case 'InvitationResent':
    case 'InvitationAccepted':
    case 'InvitationDeclined':
    case 'InvitationRevoked':
      return false;
  }
};

/** A user and the household in question. */
export type Member = Readonly<{ householdId: string; userId: string; past: HouseholdPast }>;

const lifeOf = ({ past, userId }: Member): HouseholdPast =>
  past.filter(({ event }) => concerns(event, userId));

const refused = (code: Finding['code'], verdict: string, past: HouseholdPast): Finding => ({
  code,
  verdict,
  because: past.map(becauseOf),
});

/** Words why the user is not a member. */
const verdictOnStranger = ({ householdId, userId }: Member, life: HouseholdPast): string => {
  const latest = life.at(-1);
  if (latest?.event.type === 'HouseholdDeleted') {
    const { deletedBy, deletedAt } = latest.event.data;
    return `The household ${householdId} was deleted at ${deletedAt} by ${deletedBy}.`;
  }
  if (latest?.event.type === 'MemberRemoved') {
    const { reason, removedAt } = latest.event.data;
    const how = reason === 'left' ? 'the user left' : `removed by ${latest.metadata.actor}`;
    return `${userId} has not been a member of ${householdId} since ${removedAt}: ${how}.`;
  }
  return `${userId} was never a member of ${householdId}; the answer does not show whether the household exists.`;
};

const roleOf = ({ past, userId }: Member): HouseholdRole | undefined => {
  const state = stateOfHousehold(past);
  return state.status === 'existing' ? findMember(state, userId)?.role : undefined;
};

/** Finds why a user is refused who is not a member. @param code the answer to users who are not */
export const objectionToStranger = (
  member: Member,
  code: 'household_not_found' | 'household_required',
): Finding | undefined => {
  const { householdId, past } = member;
  if (past.length === 0) return refused(code, `The household ${householdId} does not exist.`, []);
  if (roleOf(member) !== undefined) return undefined;
  const life = lifeOf(member);
  return refused(code, verdictOnStranger(member, life), life);
};

export const objectionToRole = (member: Member, needed: HouseholdRole): Finding | undefined => {
  const { householdId, userId } = member;
  const role = roleOf(member);
  if (role === undefined || isAtLeast(role, needed)) return undefined;
  const life = lifeOf(member);
  const since = life.at(-1)?.metadata.occurredAt;
  const verdict = `The route requires at least the role ${needed} in ${householdId}; ${userId} has been ${role} there since ${since}.`;
  return refused('household_role_insufficient', verdict, life);
};

const WORDS: Readonly<Partial<Record<string, string>>> = {
  household_role_insufficient: 'only a member of higher rank may do that to a member',
  member_not_found: 'the user in the path is not a member',
  owner_must_stay: 'the owner must transfer the household before leaving',
  home_household_must_stay: 'it is the default household of a member and cannot be deleted',
  invitation_not_found:
    'the invitation does not exist, or was accepted, declined or revoked, or has expired',
};

/** Finds why the household's own rules refuse the request, by deciding the command of the route. */
export const objectionOfHousehold = (
  { past, userId, householdId }: Member,
  { access, parameters }: FoundRoute,
  now: string,
): Finding | undefined => {
  if (access.attempt === undefined) return undefined;
  const { decider } = householdAggregate;
  try {
    decider.decide(access.attempt({ by: userId, parameters, now }), stateOfHousehold(past));
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const other = parameters.userId ?? userId;
    const life = past.filter(({ event }) => concerns(event, userId) || concerns(event, other));
    const why = WORDS[error.code] ?? error.code;
    return refused(error.code, `The household ${householdId} refuses the request: ${why}.`, life);
  }
};
