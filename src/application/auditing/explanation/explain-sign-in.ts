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

/** The wrong passwords that a lock counted: those of its window that no lock before has paid for. */
const failuresBefore = (
  past: UserPast,
  locked: UserRecord,
  windowSeconds: number,
): readonly UserRecord[] => {
  const before = past.filter(({ revision }) => revision < locked.revision);
  const unlocked = before.findLastIndex(({ event }) => event.type === 'UserUnlocked');
  const since = before.slice(unlocked + 1);
  const paid = since.findLast(({ event }) => event.type === 'UserLocked')?.event;
  const windowStart = plusSeconds(locked.metadata.occurredAt, -windowSeconds);
  const from =
    paid?.type === 'UserLocked' && paid.data.lockedUntil > windowStart
      ? paid.data.lockedUntil
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
    `Nobody can sign in until ${lockedUntil}, not even with the right password: after ${failures.length} wrong ones the account is locked.`,
    [...failures, ...(locked === undefined ? [] : [locked])],
  );
};

const onMissingPassword = (past: UserPast, { tier }: AccountAsOf): Finding => {
  const [voided] = last(past, 'PasswordChanged');
  const [first] = past;
  const [upgrade] = last(past, 'GuestUpgradeRequested');
  if (tier === 'anonymous') {
    const wish = upgrade === undefined ? '' : '; the address it wants an account for is not proven';
    return refused(
      `A guest has no password to sign in with${wish}.`,
      [first, upgrade].flatMap((one) => one ?? []),
    );
  }
  const why =
    voided === undefined ? 'none came along with the account' : 'the one it had was made void';
  return refused(
    `The account has no password, as ${why}: only a link for a new password helps.`,
    [first, ...last(past, 'EmailChanged'), voided].flatMap((one) => one ?? []),
  );
};

/** What refuses everybody who tries to sign in to the account; undefined where nothing does. */
export const barOf = (
  past: UserPast,
  account: AccountAsOf,
  windowSeconds: number,
): Finding | undefined => {
  if (account.status === 'erased') {
    return refused('The person was erased: the account is gone.', last(past, 'UserErased'));
  }
  if (account.status === 'deactivated') {
    return refused(
      'The account is deactivated: nobody can sign in to it, and every token from before is dead.',
      last(past, 'UserDeactivated', 'UserImported'),
    );
  }
  if (account.status === 'pending') {
    return refused(
      'Nobody has proven the address yet: until then nobody can sign in, and the address is free for others.',
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

/** Why an account cannot be signed in to. @throws ApplicationError `user_not_found` */
export const createExplainSignIn =
  ({ findMoment, readPast, policy }: Dependencies) =>
  async ({ userId, asOf }: Asking): Promise<Explanation> => {
    const moment = await findMoment(asOf);
    const past = await readPast('user', userId, moment);
    const account = accountAsOf(past, moment.at);
    if (account === undefined) throw new ApplicationError('user_not_found');
    const fine: Finding = {
      code: null,
      verdict: 'Signing in is not refused: whoever knows the password gets a session.',
      because: last(past, 'UserRegistered', 'UserImported', 'EmailVerified', 'PasswordChanged').map(
        becauseOf,
      ),
    };
    const finding = barOf(past, account, policy.lockout.windowSeconds) ?? fine;
    return explanationOf(finding, moment.at, userId);
  };
