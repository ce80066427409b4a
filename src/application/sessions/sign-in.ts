import { DomainError } from '../../domain/domain-error.ts';
import type { Instant } from '../../domain/instant.ts';
import type { RevocationReason } from '../../domain/token-family/token-family-events.ts';
import type { LiveTokenFamily } from '../../domain/token-family/token-family-state.ts';
import { isLocked } from '../../domain/user/lockout-decisions.ts';
import { parseSignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import type { Account, AccountDirectory } from '../identity/account-directory.ts';
import type { PasswordHasher } from '../identity/password-hasher.ts';
import type { UserProfile } from '../identity/user-directory.ts';
import { tokenFamilyAggregate, userAggregate } from '../kernel/aggregate.ts';
import { checkAfterAppend } from '../kernel/check-after-append.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RespondInConstantTime } from '../kernel/constant-time-response.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { PreparedSession, PrepareSession } from './prepare-session.ts';
import type { RevokeTokenFamily } from './revoke-token-family.ts';
import type { SessionPolicy } from './session-policy.ts';
import type { IssueTokenPair, TokenPair } from './token-pair.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  accounts: AccountDirectory;
  passwords: PasswordHasher;
  prepareSession: PrepareSession;
  issueTokenPair: IssueTokenPair;
  revokeTokenFamily: RevokeTokenFamily;
  respondInConstantTime: RespondInConstantTime;
  clock: Clock;
  policy: Pick<SessionPolicy, 'lockout'>;
}>;

type Input = Readonly<{ identifier: string; password: string; deviceName?: string | undefined }>;

export type SignIn = ReturnType<typeof createSignIn>;

/** A user erased while the hash is computed is answered like an unknown one. */
const asInvalidCredentials = (error: unknown): never => {
  const gone = error instanceof ApplicationError && error.code === 'user_not_found';
  throw gone ? new ApplicationError('invalid_credentials') : error;
};

type Verified = Readonly<{ hash: string; password: string }>;

/**
 * Signs a user in by password. Every refusal has the code `invalid_credentials`.
 * @throws ApplicationError `invalid_credentials`, `server_busy`
 */
export const createSignIn = ({
  commands,
  accounts,
  passwords,
  prepareSession,
  issueTokenPair,
  revokeTokenFamily,
  respondInConstantTime,
  clock,
  policy,
}: Dependencies) => {
  const find = async (identifier: string): Promise<Account | undefined> => {
    try {
      return await accounts.findByIdentifier(parseSignInIdentifier(identifier));
    } catch (error) {
      if (error instanceof DomainError) return undefined; // no account can have such an identifier
      throw error;
    }
  };

  const recordFailure = (account: Account, checkedHash: string, context: RequestContext) =>
    commands.execute(
      userAggregate,
      account.userId,
      {
        type: 'RecordSignInFailure',
        data: { checkedHash, client: context.client, policy: policy.lockout, now: clock.now() },
      },
      context,
    );

  /** Refuses in constant time. @throws ApplicationError `invalid_credentials`, always */
  const refuse = async (account: Account | undefined, context: RequestContext): Promise<never> => {
    await respondInConstantTime(async () => {
      const hash = account?.passwordHash ?? null;
      if (account !== undefined && hash !== null) await recordFailure(account, hash, context);
    });
    throw new ApplicationError('invalid_credentials');
  };

  const rehash = async (
    userId: string,
    { hash: checkedHash, password }: Verified,
    context: RequestContext,
  ) => {
    const passwordHash = await passwords.hash(password);
    const data = { checkedHash, passwordHash, now: clock.now() };
    const asUser = { ...context, actor: userId };
    await commands.execute(userAggregate, userId, { type: 'RehashPassword', data }, asUser);
  };

  /** Returns the reason to end a session that was just opened; undefined: it may remain. */
  const objectionTo = async (
    { active, passwordHash, lockedUntil }: Account,
    { hash, password }: Verified,
    now: Instant,
  ): Promise<RevocationReason | undefined> => {
    if (!active) return 'deactivated';
    if (isLocked({ lockedUntil }, now)) return 'admin';
    // A concurrent sign-in may have stored a newer hash of the same password.
    const known = passwordHash === hash || (await passwords.verify(passwordHash, password));
    return known ? undefined : 'password_changed';
  };

  /** A membership that ended during the slow hash did not see this session. */
  const followMembership = async (
    { familyId, family }: PreparedSession,
    { householdId: fallback }: Account,
    context: RequestContext,
  ): Promise<LiveTokenFamily> => {
    const { householdId } = family;
    if (householdId === null || householdId === fallback) return family;
    const data = { householdId, fallback, now: clock.now() };
    const command = { type: 'LoseMembership', data } as const;
    const { state } = await commands.execute(tokenFamilyAggregate, familyId, command, context);
    if (state.status !== 'live') throw new ApplicationError('invalid_credentials');
    return state;
  };

  /** Opens the session, and ends it again where the account changed while the hash was computed. */
  const openSession = async (
    account: Account,
    verified: Verified,
    deviceName: string | null,
    context: RequestContext,
  ): Promise<TokenPair & { user: UserProfile }> => {
    const now = clock.now();
    const session = prepareSession({ principal: account, deviceName, now }, context);
    const { current } = await checkAfterAppend({
      append: () => commands.append([session.append]).catch(asInvalidCredentials),
      readAgain: () => accounts.findById(account.userId),
      findContradiction: async (found) =>
        found === undefined ? 'erased' : objectionTo(found, verified, now),
      compensate: async (reason) => {
        await revokeTokenFamily(session.familyId, reason, context);
        throw new ApplicationError('invalid_credentials');
      },
    });
    if (current === undefined) throw new ApplicationError('invalid_credentials');
    const family = await followMembership(session, current, context);
    const pair = await issueTokenPair(session.familyId, family, current, now);
    return { ...pair, user: current.profile };
  };

  return async ({ identifier, password, deviceName }: Input, context: RequestContext) => {
    const account = await find(identifier);
    // A barred account is verified like an unknown one, so as not to reveal the right password.
    const barred = account === undefined || !account.active || isLocked(account, clock.now());
    const hash = barred ? null : account.passwordHash;
    const matches = await passwords.verify(hash, password);
    if (barred || hash === null || !matches) return refuse(barred ? undefined : account, context);
    const verified = { hash, password };
    const session = await openSession(account, verified, deviceName ?? null, context);
    // The session is stored: a hash that cannot be renewed now is renewed at the next sign-in.
    if (passwords.isOutdated(hash)) {
      await rehash(account.userId, verified, context).catch(() => undefined);
    }
    return session;
  };
};
