import { plusSeconds } from '../../domain/instant.ts';
import { ApplicationError } from '../errors.ts';
import { FRESH_SIGN_IN_SECONDS } from '../guards/step-up.ts';
import type { AuditDirectory } from '../ports/audit-directory.ts';
import type { FamilyAsOf } from './as-of-family.ts';
import type { AsOf, FindMoment, Moment } from './as-of-moment.ts';
import type { ReadPast, UserPast } from './as-of-streams.ts';
import { type AccountAsOf, accountAsOf, createReadBelongings } from './as-of-user.ts';
import { objectionToAccount } from './explain-account.ts';
import { objectionOfHousehold, objectionToMember } from './explain-membership.ts';
import { type Explanation, explanationOf, type Finding } from './explain-reasons.ts';
import type { FindRoute, FoundRoute } from './explain-requirement.ts';

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

/** Nothing but the password, or a new sign-in, is missing. */
const objectionToAge = (sessions: readonly FamilyAsOf[], moment: Moment): Finding | undefined => {
  const [latest] = sessions
    .map(({ startedAt }) => startedAt)
    .sort()
    .reverse();
  if (latest === undefined || sessions.some((session) => isFresh(session, moment)))
    return undefined;
  return plain(
    `It takes the current password in the request: the latest sign-in, at ${latest}, is more than five minutes old.`,
    'step_up_required',
  );
};

export type ExplainRoute = ReturnType<typeof createExplainRoute>;

/**
 * Why a user is refused a route, in the order in which the service itself asks; what is in the request
 * beside its path plays no part. Undefined where there is no such route.
 * @throws ApplicationError `user_not_found`
 */
export const createExplainRoute = ({ findMoment, readPast, audits, findRoute }: Dependencies) => {
  const belongings = createReadBelongings({ readPast, audits });

  /** The one of the session used last; of somebody not signed in, where a sign-in would start. */
  const actingIn = async (userId: string, moment: Moment): Promise<string | null> => {
    const [session] = await belongings.sessions(userId, moment);
    if (session !== undefined) return session.householdId;
    const memberships = await belongings.memberships(userId, moment);
    return (memberships.find(({ home }) => home) ?? memberships[0])?.householdId ?? null;
  };

  const objectionInHousehold = async (
    { account: { userId }, moment }: Caller,
    found: FoundRoute,
  ): Promise<Finding | undefined> => {
    const { household } = found.requirement;
    if (household === undefined) return undefined;
    const inPath = household.of === 'path';
    const householdId = inPath ? (found.parameters.id ?? '') : await actingIn(userId, moment);
    if (householdId === null) {
      return plain(`${userId} is a member of no household to act for.`, 'household_required');
    }
    const past = await readPast('household', householdId, moment);
    const member = { householdId, userId, past };
    const stranger = inPath ? 'household_not_found' : 'household_required';
    return (
      objectionToMember(member, household.role, stranger) ??
      objectionOfHousehold(member, found, moment.at)
    );
  };

  const judge = async (caller: Caller, found: FoundRoute): Promise<Finding> => {
    const { route, requirement } = found;
    if (requirement.caller === 'anybody') return plain(`${route} is for everybody.`);
    if (requirement.caller === 'resource_server') {
      return plain(`${route} is for resource servers: users play no part in it.`);
    }
    const { account, past, moment } = caller;
    const sessions = await belongings.sessions(account.userId, moment);
    return (
      objectionToAccount(account, past, requirement) ??
      (await objectionInHousehold(caller, found)) ??
      (requirement.stepUp ? objectionToAge(sessions, moment) : undefined) ??
      plain(`${route} is not refused to ${account.userId}.`)
    );
  };

  return async ({ userId, route, asOf }: Asking): Promise<Explanation | undefined> => {
    const moment = await findMoment(asOf);
    const past = await readPast('user', userId, moment);
    const account = accountAsOf(past, moment.at);
    if (account === undefined) throw new ApplicationError('user_not_found');
    const found = findRoute(route);
    if (found === undefined) return undefined;
    return explanationOf(await judge({ account, past, moment }, found), moment.at, userId);
  };
};
