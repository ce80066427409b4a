import { fold } from '../../../domain/decider.ts';
import type { HouseholdRole } from '../../../domain/household/household-events.ts';
import type { Instant } from '../../../domain/instant.ts';
import { isLocked } from '../../../domain/user/lockout-decisions.ts';
import type { UserRole, UserTier } from '../../../domain/user/user-events.ts';
import { accountIn, type UserAccount } from '../../../domain/user/user-state.ts';
import { userAggregate } from '../../kernel/aggregate.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { AuditDirectory } from '../audit-directory.ts';
import { type FamilyAsOf, familyAsOf } from './as-of-family.ts';
import { householdAsOf } from './as-of-household.ts';
import type { AsOf, FindMoment, Moment } from './as-of-moment.ts';
import { mapStreams, type ReadPast, type UserPast } from './as-of-streams.ts';
import { type Timeline, timelineOf } from './as-of-timeline.ts';

/** An account as it was at some moment: never its password hash; erased text as `[erased]`. */
export type AccountAsOf = Readonly<{
  userId: string;
  /** `pending`: its address was not verified yet, so sign-in was refused. */
  status: 'active' | 'pending' | 'deactivated' | 'erased';
  email: string | null;
  emailVerified: boolean;
  /** The address that was given and not verified. */
  pendingEmail: string | null;
  username: string | null;
  displayName: string;
  locale: string;
  role: UserRole;
  tier: UserTier;
  hasPassword: boolean;
  /** Null unless it was locked at that moment. */
  lockedUntil: Instant | null;
  registeredAt: Instant;
}>;

export type MembershipAsOf = Readonly<{
  householdId: string;
  name: string;
  role: HouseholdRole;
  /** Whether it was joined as the default household. */
  home: boolean;
  joinedAt: Instant;
}>;

export type UserHistory = Readonly<{ asOf: Instant }> &
  AccountAsOf &
  Timeline &
  Readonly<{
    /** In the order of joining. */
    memberships: readonly MembershipAsOf[];
    /** Live sessions, the latest used first. */
    sessions: readonly FamilyAsOf[];
  }>;

/** The latest state of the account; of an erased one, the state before its erasure. */
const accountOf = (past: UserPast): UserAccount | undefined => {
  const { decider } = userAggregate;
  const events = past.flatMap(({ event }) => (event.type === 'UserErased' ? [] : [event]));
  return accountIn(fold(decider, decider.initialState, events));
};

const statusOf = (past: UserPast, { status, pending }: UserAccount): AccountAsOf['status'] => {
  if (past.some(({ event }) => event.type === 'UserErased')) return 'erased';
  return pending !== null && status === 'active' ? 'pending' : status;
};

/** Undefined if the account did not exist. */
export const accountAsOf = (past: UserPast, at: Instant): AccountAsOf | undefined => {
  const [first] = past;
  const account = accountOf(past);
  if (first === undefined || account === undefined) return undefined;
  const { email, emailVerified, username, displayName, locale, role, tier, lockedUntil } = account;
  const status = statusOf(past, account);
  return {
    userId: first.stream.id,
    status,
    email,
    emailVerified,
    pendingEmail: (account.pending ?? account.upgrade)?.email ?? null,
    username,
    displayName,
    locale,
    role,
    tier,
    hasPassword: account.passwordHash !== null && status !== 'erased',
    lockedUntil: isLocked(account, at) ? lockedUntil : null,
    registeredAt: first.metadata.occurredAt,
  };
};

type Dependencies = Readonly<{
  findMoment: FindMoment;
  readPast: ReadPast;
  audits: Pick<AuditDirectory, 'familiesOf' | 'householdsOf'>;
}>;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Reads the memberships and sessions of a user, also of an erased one. */
export const createReadBelongings = ({
  readPast,
  audits,
}: Pick<Dependencies, 'readPast' | 'audits'>) => ({
  /** In the order of joining. */
  memberships: async (userId: string, moment: Moment): Promise<readonly MembershipAsOf[]> => {
    const found = await mapStreams(await audits.householdsOf(userId), async (householdId) =>
      householdAsOf(await readPast('household', householdId, moment), moment.at),
    );
    return found
      .flatMap((household) => {
        const member = household?.members.find((candidate) => candidate.userId === userId);
        if (household === undefined || member === undefined) return [];
        const { householdId, name } = household;
        const { role, home, joinedAt } = member;
        return [{ householdId, name: name ?? '', role, home, joinedAt }];
      })
      .sort((a, b) => byText(a.joinedAt, b.joinedAt) || byText(a.householdId, b.householdId));
  },

  /** Live ones, the latest used first. */
  sessions: async (userId: string, moment: Moment): Promise<readonly FamilyAsOf[]> => {
    const found = await mapStreams(await audits.familiesOf(userId), async (familyId) =>
      familyAsOf(await readPast('tokenFamily', familyId, moment), moment.at),
    );
    return found
      .flatMap((family) => (family?.status === 'live' ? [family] : []))
      .sort((a, b) => byText(b.lastUsedAt, a.lastUsedAt) || byText(a.familyId, b.familyId));
  },
});

type Asking = Readonly<{ userId: string; asOf: AsOf; limit: number }>;

export type ReadUserAsOf = ReturnType<typeof createReadUserAsOf>;

/**
 * Reads a user as they were.
 * @throws ApplicationError `user_not_found` if the account did not exist
 */
export const createReadUserAsOf = ({ findMoment, readPast, audits }: Dependencies) => {
  const belongings = createReadBelongings({ readPast, audits });
  return async ({ userId, asOf, limit }: Asking): Promise<UserHistory> => {
    const moment = await findMoment(asOf);
    const past = await readPast('user', userId, moment);
    const account = accountAsOf(past, moment.at);
    if (account === undefined) throw new ApplicationError('user_not_found');
    const memberships = await belongings.memberships(userId, moment);
    const sessions = await belongings.sessions(userId, moment);
    return { asOf: moment.at, ...account, memberships, sessions, ...timelineOf(past, limit) };
  };
};
