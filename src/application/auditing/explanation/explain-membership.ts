import { DomainError } from '../../../domain/domain-error.ts';
import type { HouseholdEvent, HouseholdRole } from '../../../domain/household/household-events.ts';
import { findMember, isAtLeast } from '../../../domain/household/household-rank.ts';
import { householdAggregate } from '../../kernel/aggregate.ts';
import { stateOfHousehold } from '../history/as-of-household.ts';
import type { HouseholdPast } from '../history/as-of-streams.ts';
import { becauseOf, type Finding } from './explain-reasons.ts';
import type { FoundRoute } from './route-access.ts';

/** Whether an event makes, changes or ends what the user is in the household. */
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

/** Why the user is no member. */
const verdictOnStranger = ({ householdId, userId }: Member, life: HouseholdPast): string => {
  const latest = life.at(-1);
  if (latest?.event.type === 'HouseholdDeleted') {
    const { deletedBy, deletedAt } = latest.event.data;
    return `The household ${householdId} was deleted at ${deletedAt} by ${deletedBy}.`;
  }
  if (latest?.event.type === 'MemberRemoved') {
    const { reason, removedAt } = latest.event.data;
    const how = reason === 'left' ? 'left' : `was taken out by ${latest.metadata.actor}`;
    return `${userId} is not a member of ${householdId} any more since ${removedAt}: ${how}.`;
  }
  return `${userId} never was a member of ${householdId}: to strangers there is no such household.`;
};

const roleOf = ({ past, userId }: Member): HouseholdRole | undefined => {
  const state = stateOfHousehold(past);
  return state.status === 'existing' ? findMember(state, userId)?.role : undefined;
};

/** @param code what strangers get */
export const objectionToStranger = (
  member: Member,
  code: 'household_not_found' | 'household_required',
): Finding | undefined => {
  const { householdId, past } = member;
  if (past.length === 0) return refused(code, `There is no household ${householdId}.`, []);
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
  const verdict = `It takes the role ${needed} in ${householdId} at least, and ${userId} is ${role} there since ${since}.`;
  return refused('household_role_insufficient', verdict, life);
};

const WORDS: Readonly<Partial<Record<string, string>>> = {
  household_role_insufficient: 'only whoever ranks above a member may do that to them',
  member_not_found: 'the member in the path is none, or not any more',
  owner_must_stay: 'the owner hands the household over before leaving',
  home_household_must_stay: 'it came along with an account, and somebody comes home to it',
  invitation_not_found:
    'there is no such invitation, or it is accepted, declined, revoked or expired',
};

/** What the household itself says, asked as the route would ask it. */
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
    return refused(error.code, `The household ${householdId} refuses it: ${why}.`, life);
  }
};
