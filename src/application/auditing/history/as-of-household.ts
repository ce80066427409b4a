import { fold } from '../../../domain/decider.ts';
import { DomainError } from '../../../domain/domain-error.ts';
import type { GrantableRole, HouseholdRole } from '../../../domain/household/household-events.ts';
import type { HouseholdState } from '../../../domain/household/household-state.ts';
import type { Instant } from '../../../domain/instant.ts';
import { householdAggregate } from '../../kernel/aggregate.ts';
import type { AsOf, FindMoment } from './as-of-moment.ts';
import type { HouseholdPast, ReadPast } from './as-of-streams.ts';
import { type Timeline, timelineOf } from './as-of-timeline.ts';

/** `home`: it became the member's default household. */
export type MemberAsOf = Readonly<{
  userId: string;
  role: HouseholdRole;
  home: boolean;
  joinedAt: Instant;
}>;

/** A household as it was at some moment; a deleted one has neither name nor members. */
export type HouseholdAsOf = Readonly<{
  householdId: string;
  status: 'existing' | 'deleted';
  name: string | null;
  /** Whether it was created together with an account. */
  home: boolean;
  createdAt: Instant;
  deletedAt: Instant | null;
  /** In the order of joining. */
  members: readonly MemberAsOf[];
  /** Those that could still be accepted. */
  invitations: readonly Readonly<{
    id: string;
    role: GrantableRole;
    invitedBy: string;
    expiresAt: Instant;
  }>[];
}>;

export type HouseholdHistory = Readonly<{ asOf: Instant }> & HouseholdAsOf & Timeline;

export const stateOfHousehold = (past: HouseholdPast): HouseholdState =>
  fold(
    householdAggregate.decider,
    householdAggregate.decider.initialState,
    past.map(({ event }) => event),
  );

/** The latest time when the member joined, and whether as the default household. */
const joinOf = (past: HouseholdPast, userId: string): Pick<MemberAsOf, 'home' | 'joinedAt'> => {
  const joins = past.flatMap(({ event: { type, data } }) => {
    if (type === 'HouseholdCreated' && data.ownerId === userId) {
      return [{ home: data.home, joinedAt: data.createdAt }];
    }
    return type === 'MemberAdded' && data.userId === userId
      ? [{ home: data.home, joinedAt: data.addedAt }]
      : [];
  });
  return joins.at(-1) ?? { home: false, joinedAt: '' };
};

const deletionIn = (past: HouseholdPast): Instant | null => {
  const event = past.at(-1)?.event;
  return event?.type === 'HouseholdDeleted' ? event.data.deletedAt : null;
};

/** Undefined if the household had not been created. */
export const householdAsOf = (past: HouseholdPast, at: Instant): HouseholdAsOf | undefined => {
  const [first] = past;
  if (first?.event.type !== 'HouseholdCreated') return undefined;
  const { home, createdAt } = first.event.data;
  const household = { householdId: first.stream.id, home, createdAt };
  const state = stateOfHousehold(past);
  if (state.status !== 'existing') {
    const deletedAt = deletionIn(past);
    return { ...household, status: 'deleted', name: null, deletedAt, members: [], invitations: [] };
  }
  return {
    ...household,
    status: 'existing',
    name: state.name,
    deletedAt: null,
    members: state.members.map((member) => ({ ...member, ...joinOf(past, member.userId) })),
    invitations: state.invitations
      .filter(({ expiresAt }) => at < expiresAt)
      .map(({ id, role, invitedBy, expiresAt }) => ({ id, role, invitedBy, expiresAt })),
  };
};

type Dependencies = Readonly<{ findMoment: FindMoment; readPast: ReadPast }>;
type Asking = Readonly<{ householdId: string; asOf: AsOf; limit: number }>;

export type ReadHouseholdAsOf = ReturnType<typeof createReadHouseholdAsOf>;

/**
 * Reads a household as it was.
 * @throws DomainError `household_not_found` if it had not been created
 */
export const createReadHouseholdAsOf =
  ({ findMoment, readPast }: Dependencies) =>
  async ({ householdId, asOf, limit }: Asking): Promise<HouseholdHistory> => {
    const moment = await findMoment(asOf);
    const past = await readPast('household', householdId, moment);
    const household = householdAsOf(past, moment.at);
    if (household === undefined) throw new DomainError('household_not_found');
    return { asOf: moment.at, ...household, ...timelineOf(past, limit) };
  };
