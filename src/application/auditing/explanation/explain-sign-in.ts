import { type Instant, plusSeconds } from '../../../domain/instant.ts';
import type { UserEvent } from '../../../domain/user/user-events.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { RecordedEvent } from '../../kernel/event-store.ts';
import type { SessionPolicy } from '../../sessions/session-policy.ts';
import type { AsOf, FindMoment } from '../history/as-of-moment.ts';
import type { ReadPast, UserPast } from '../history/as-of-streams.ts';
import { type AccountAsOf, accountAsOf } from '../history/as-of-user.ts';
import { becauseOf, type Explanation, explanationOf, type Finding } from './explain-reasons.ts';

type UserRecord = RecordedEvent<UserEvent>;

const last = (past: UserPast, ...types: UserEvent['type'][]): readonly UserRecord[] => {
  const found = past.findLast(({ event }) => types.includes(event.type));
  return found === undefined ? [] : [found];
};

/**
 * The wrong passwords that a lock counted: those of its window that no earlier lock has counted.
 */
const failuresBefore = (
  past: UserPast,
  locked: UserRecord,
  windowSeconds: number,
): readonly UserRecord[] => {
  const before = past.filter(({ revision }) => revision < locked.revision);
  const unlocked = before.findLastIndex(({ event }) => event.type === 'UserUnlocked');
  const since = before.slice(unlocked + 1);
  const earlier = since.findLast(({ event }) => event.type === 'UserLocked')?.event;
  const windowStart = plusSeconds(locked.metadata.occurredAt, -windowSeconds);
  const from =
    earlier?.type === 'UserLocked' && earlier.data.lockedUntil > windowStart
      ? earlier.data.lockedUntil
      : windowStart;
  return since.filter(
    ({ event: { type, data } }) => type === 'SignInFailed' && data.failedAt >= from,
  );
};

const refused = (verdict: string, because: readonly UserRecord[]): Finding => ({
  code: 'invalid_credentials',
  verdict,
  because: because.map(becauseOf),
});

const onLock = (past: UserPast, lockedUntil: Instant, windowSeconds: number): Finding => {
  const [locked] = last(past, 'UserLocked');
  const failures = locked === undefined ? [] : failuresBefore(past, locked, windowSeconds);
  return refused(
    `The account is locked until ${lockedUntil} after ${failures.length} wrong passwords; until then the right password is refused, too.`,
    [...failures, ...(locked === undefined ? [] : [locked])],
  );
};

const onMissingPassword = (past: UserPast, { tier }: AccountAsOf): Finding => {
  const [voided] = last(past, 'PasswordChanged');
  const [first] = past;
  const [upgrade] = last(past, 'GuestUpgradeRequested');
  if (tier === 'anonymous') {
    const wish =
      upgrade === undefined ? '' : '; the address for the requested account is not verified';
    return refused(
      `A guest has no password to sign in with${wish}.`,
      [first, upgrade].flatMap((one) => one ?? []),
    );
  }
  const why = voided === undefined ? 'it was created without one' : 'its password was removed';
  return refused(
    `The account has no password, as ${why}: a link to reset the password is needed.`,
    [first, ...last(past, 'EmailChanged'), voided].flatMap((one) => one ?? []),
  );
};

/** Finds why every sign-in to the account is refused; undefined where it is not. */
export const barOf = (
  past: UserPast,
  account: AccountAsOf,
  windowSeconds: number,
): Finding | undefined => {
  if (account.status === 'erased') {
    return refused('The account was erased.', last(past, 'UserErased'));
  }
  if (account.status === 'deactivated') {
    return refused(
      'The account is deactivated: sign-in is refused, and tokens issued earlier remain revoked.',
      last(past, 'UserDeactivated', 'UserImported'),
    );
  }
  if (account.status === 'pending') {
    return refused(
      'The address is not verified yet: until then sign-in is refused, and another user may register the address.',
      [...past.slice(0, 1), ...last(past, 'EmailVerificationRequested')],
    );
  }
  if (account.lockedUntil !== null) return onLock(past, account.lockedUntil, windowSeconds);
  return account.hasPassword ? undefined : onMissingPassword(past, account);
};

type Dependencies = Readonly<{
  findMoment: FindMoment;
  readPast: ReadPast;
  policy: Pick<SessionPolicy, 'lockout'>;
}>;

type Asking = Readonly<{ userId: string; asOf: AsOf }>;

export type ExplainSignIn = ReturnType<typeof createExplainSignIn>;

/**
 * Explains whether sign-in to an account is refused, and why.
 * @throws ApplicationError `user_not_found`
 */
export const createExplainSignIn =
  ({ findMoment, readPast, policy }: Dependencies) =>
  async ({ userId, asOf }: Asking): Promise<Explanation> => {
    const moment = await findMoment(asOf);
    const past = await readPast('user', userId, moment);
    const account = accountAsOf(past, moment.at);
    if (account === undefined) throw new ApplicationError('user_not_found');
    const fine: Finding = {
      code: null,
      verdict: 'Sign-in is allowed: the right password starts a session.',
      because: last(past, 'UserRegistered', 'UserImported', 'EmailVerified', 'PasswordChanged').map(
        becauseOf,
      ),
    };
    const finding = barOf(past, account, policy.lockout.windowSeconds) ?? fine;
    return explanationOf(finding, moment.at, userId);
  };
