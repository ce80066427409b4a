import type { Instant } from '../domain/instant.ts';
import { userAggregate } from './aggregate.ts';
import type { CommandHandler } from './command-handler.ts';
import { ApplicationError } from './errors.ts';
import type { Account, AccountDirectory } from './ports/account-directory.ts';
import type { Clock } from './ports/clock.ts';
import type { PasswordHasher } from './ports/password-hasher.ts';
import type { RequestContext } from './request-context.ts';
import type { SessionPolicy } from './session-policy.ts';
import type { TakeAsLong } from './take-as-long.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  accounts: AccountDirectory;
  passwords: PasswordHasher;
  takeAsLong: TakeAsLong;
  clock: Clock;
  policy: Pick<SessionPolicy, 'lockout'>;
}>;

/** Who wants to do something that a stolen access token must not be enough for. */
export type StepUpInput = Readonly<{
  userId: string;
  /** When the session began: `auth_time`, in seconds since the epoch. */
  authTime: number;
  password?: string | undefined;
}>;

/** `checkedHash`: what the password was verified against; null when the sign-in was fresh enough. */
export type SteppedUp = Readonly<{ account: Account; checkedHash: string | null }>;

/** A sign-in younger than this stands for the password. */
export const FRESH_SIGN_IN_SECONDS = 5 * 60;

export type StepUp = ReturnType<typeof createStepUp>;

const isLocked = ({ lockedUntil }: Account, now: Instant): boolean =>
  lockedUntil !== null && now < lockedUntil;

/**
 * The current password, or a sign-in that is young enough. Looks at the account as it is now, and a
 * wrong password counts as a failed sign-in.
 * @throws ApplicationError `step_up_required`, `invalid_credentials`, `access_token_invalid`
 */
export const createStepUp = ({
  commands,
  accounts,
  passwords,
  takeAsLong,
  clock,
  policy,
}: Dependencies) => {
  const verify = async (
    account: Account,
    password: string,
    context: RequestContext,
  ): Promise<string> => {
    const { userId, passwordHash } = account;
    const matches = await passwords.verify(passwordHash, password);
    if (matches && passwordHash !== null && !isLocked(account, clock.now())) return passwordHash;
    await takeAsLong(async () => {
      if (matches || passwordHash === null) return;
      const { lockout } = policy;
      const data = {
        checkedHash: passwordHash,
        client: context.client,
        policy: lockout,
        now: clock.now(),
      };
      await commands.execute(userAggregate, userId, { type: 'RecordSignInFailure', data }, context);
    });
    throw new ApplicationError('invalid_credentials');
  };

  return async (
    { userId, authTime, password }: StepUpInput,
    context: RequestContext,
  ): Promise<SteppedUp> => {
    const account = await accounts.findById(userId);
    if (account === undefined || !account.active)
      throw new ApplicationError('access_token_invalid');
    if (password !== undefined) {
      return { account, checkedHash: await verify(account, password, context) };
    }
    const age = Date.parse(clock.now()) / 1000 - authTime;
    if (age > FRESH_SIGN_IN_SECONDS) throw new ApplicationError('step_up_required');
    return { account, checkedHash: null };
  };
};
