import { plusSeconds } from '../../../domain/instant.ts';
import { FRESH_SIGN_IN_SECONDS } from '../../credentials/step-up.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { AuditDirectory } from '../audit-directory.ts';
import type { FamilyAsOf } from '../history/as-of-family.ts';
import type { AsOf, FindMoment, Moment } from '../history/as-of-moment.ts';
import type { ReadPast, UserPast } from '../history/as-of-streams.ts';
import { type AccountAsOf, accountAsOf, createReadBelongings } from '../history/as-of-user.ts';
import { objectionToAccount } from './explain-account.ts';
import {
  type Member,
  objectionOfHousehold,
  objectionToRole,
  objectionToStranger,
} from './explain-membership.ts';
import { type Explanation, explanationOf, type Finding } from './explain-reasons.ts';
import type { FindRoute, FoundRoute, RouteAccess } from './route-access.ts';

type Dependencies = Readonly<{
  findMoment: FindMoment;
  readPast: ReadPast;
  audits: Pick<AuditDirectory, 'familiesOf' | 'householdsOf'>;
  findRoute: FindRoute;
}>;

type Asking = Readonly<{ userId: string; route: string; asOf: AsOf }>;
type Caller = Readonly<{ account: AccountAsOf; past: UserPast; moment: Moment }>;

const plain = (verdict: string, code: Finding['code'] = null): Finding => ({
  code,
  verdict,
  because: [],
});

const isFresh = ({ startedAt }: FamilyAsOf, { at }: Moment): boolean =>
  at <= plusSeconds(startedAt, FRESH_SIGN_IN_SECONDS);

const objectionToAge = (sessions: readonly FamilyAsOf[], moment: Moment): Finding | undefined => {
  const [latest] = sessions
    .map(({ startedAt }) => startedAt)
    .sort()
    .reverse();
  if (latest === undefined || sessions.some((session) => isFresh(session, moment)))
    return undefined;
  return plain(
    `The request must include the current password: the latest sign-in, at ${latest}, is more than five minutes old.`,
    'step_up_required',
  );
};

const objectionToMembership = (
  member: Member | null | undefined,
  { access: { household } }: FoundRoute,
): Finding | undefined => {
  if (member === null) return plain('The session acts for no household.', 'household_required');
  const code = household?.of === 'path' ? 'household_not_found' : 'household_required';
  return member && objectionToStranger(member, code);
};

const objectionInHousehold = (
  member: Member | null | undefined,
  found: FoundRoute,
  { at }: Moment,
): Finding | undefined =>
  member?.householdId === undefined || found.access.household === undefined
    ? undefined
    : (objectionToRole(member, found.access.household.role) ??
      objectionOfHousehold(member, found, at));

export type ExplainRoute = ReturnType<typeof createExplainRoute>;

/**
 * Explains why a user is refused a route, in the order of the service's own checks. Only the
 * request's path is considered. Undefined if the route does not exist.
 * @throws ApplicationError `user_not_found`
 */
export const createExplainRoute = ({ findMoment, readPast, audits, findRoute }: Dependencies) => {
  const belongings = createReadBelongings({ readPast, audits });

  /** Finds that the route requires the password or a new sign-in. */
  const objectionToSession = async (
    { account, moment }: Caller,
    { stepUp }: RouteAccess,
  ): Promise<Finding | undefined> => {
    if (stepUp === undefined || (stepUp === 'accounts' && account.tier === 'anonymous')) {
      return undefined;
    }
    return objectionToAge(await belongings.sessions(account.userId, moment), moment);
  };

  /**
   * The household of the session used last; for a user without one, where a sign-in would start.
   */
  const actingIn = async (userId: string, moment: Moment): Promise<string | null> => {
    const [session] = await belongings.sessions(userId, moment);
    if (session !== undefined) return session.householdId;
    const memberships = await belongings.memberships(userId, moment);
    return (memberships.find(({ home }) => home) ?? memberships[0])?.householdId ?? null;
  };

  /** Undefined if the route needs no household; null if the session acts for none. */
  const householdFor = async (
    { account: { userId }, moment }: Caller,
    { access: { household }, parameters }: FoundRoute,
  ): Promise<Member | null | undefined> => {
    if (household === undefined) return undefined;
    const inPath = household.of === 'path';
    const householdId = inPath ? (parameters.id ?? '') : await actingIn(userId, moment);
    if (householdId === null) return null;
    return { householdId, userId, past: await readPast('household', householdId, moment) };
  };

  const judge = async (caller: Caller, found: FoundRoute): Promise<Finding> => {
    const { route, access } = found;
    if (access.caller === 'anonymous') return plain(`${route} is open to every caller.`);
    if (access.caller === 'resource_server') {
      return plain(`${route} is for resource servers; it does not depend on the user.`);
    }
    const { account, past, moment } = caller;
    const member = await householdFor(caller, found);
    return (
      objectionToAccount(account, past, access) ??
      objectionToMembership(member, found) ??
      (await objectionToSession(caller, access)) ??
      objectionInHousehold(member, found, moment) ??
      plain(`${route} is allowed for ${account.userId}.`)
    );
  };

  return async ({ userId, route, asOf }: Asking): Promise<Explanation | undefined> => {
    const moment = await findMoment(asOf);
    const past = await readPast('user', userId, moment);
    const account = accountAsOf(past, moment.at);
    if (account === undefined) throw new ApplicationError('user_not_found');
    const found = await findRoute(route);
    if (found === undefined) return undefined;
    return explanationOf(await judge({ account, past, moment }, found), moment.at, userId);
  };
};
