import { isLocked } from '../../domain/user/lockout-decisions.ts';
import type { Account, AccountDirectory } from '../identity/account-directory.ts';
import type { PasswordHasher } from '../identity/password-hasher.ts';
import { userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RespondInConstantTime } from '../kernel/constant-time-response.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { SessionDirectory } from '../sessions/session-directory.ts';
import type { SessionPolicy } from '../sessions/session-policy.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  accounts: AccountDirectory;
  sessions: SessionDirectory;
  passwords: PasswordHasher;
  respondInConstantTime: RespondInConstantTime;
  clock: Clock;
  policy: Pick<SessionPolicy, 'lockout'>;
}>;

/** The caller of an operation for which a stolen access token must not suffice. */
export type StepUpInput = Readonly<{
  userId: string;
  sessionId: string;
  /** The time of the sign-in: `auth_time`, in seconds since the epoch. */
  authTime: number;
  password?: string | undefined;
}>;

/** A sign-in younger than this replaces the password. */
export const FRESH_SIGN_IN_SECONDS = 5 * 60;

export type StepUp = ReturnType<typeof createStepUp>;

/**
 * Requires the current password or a recent sign-in, and a live session. A wrong password counts as
 * a failed sign-in.
 * @returns the account; its password hash must be unchanged when the operation is stored
 * @throws ApplicationError `step_up_required`, `invalid_credentials`, `access_token_invalid`
 */
export const createStepUp = ({
  commands,
  accounts,
  sessions,
  passwords,
  respondInConstantTime,
  clock,
  policy,
}: Dependencies) => {
  const recordFailure = async (account: Account, context: RequestContext): Promise<void> => {
    const { userId, passwordHash: checkedHash } = account;
    if (checkedHash === null) return;
    const { lockout } = policy;
    const data = { checkedHash, client: context.client, policy: lockout, now: clock.now() };
    await commands.execute(userAggregate, userId, { type: 'RecordSignInFailure', data }, context);
  };

  const requirePassword = async (
    account: Account,
    password: string,
    context: RequestContext,
  ): Promise<void> => {
    const matches = await passwords.verify(account.passwordHash, password);
    // Other attempts may have locked the account while this one waited for the hash.
    const current = await accounts.findById(account.userId);
    const same = current?.passwordHash === account.passwordHash;
    if (matches && current !== undefined && same && !isLocked(current, clock.now())) return;
    // The response time must not reveal the right password of a locked account.
    await respondInConstantTime(async () => {
      if (!matches) await recordFailure(account, context);
    });
    throw new ApplicationError('invalid_credentials');
  };

  const requireFreshSignIn = (authTime: number): void => {
    const age = Date.parse(clock.now()) / 1000 - authTime;
    if (age > FRESH_SIGN_IN_SECONDS) throw new ApplicationError('step_up_required');
  };

  return async (
    { userId, sessionId, authTime, password }: StepUpInput,
    context: RequestContext,
  ): Promise<Account> => {
    const account = await accounts.findById(userId);
    if (account === undefined || !account.active)
      throw new ApplicationError('access_token_invalid');
    if (password === undefined) requireFreshSignIn(authTime);
    else await requirePassword(account, password, context);
    // The denylist of this process may be a moment behind.
    const unrevoked = await sessions.unrevokedFamilyIds(userId);
    if (!unrevoked.includes(sessionId)) throw new ApplicationError('access_token_invalid');
    return account;
  };
};
