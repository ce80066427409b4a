import { DomainError } from '../../domain/domain-error.ts';
import type { Instant } from '../../domain/instant.ts';
import type { RevocationReason } from '../../domain/token-family/token-family-events.ts';
import { parseSignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import { userAggregate } from '../aggregate.ts';
import type { CommandHandler } from '../command-handler.ts';
import { ApplicationError } from '../errors.ts';
import type { Account, AccountDirectory } from '../ports/account-directory.ts';
import type { Clock } from '../ports/clock.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { UserProfile } from '../ports/user-directory.ts';
import type { PrepareSession } from '../prepare-session.ts';
import type { RequestContext } from '../request-context.ts';
import type { RevokeTokenFamily } from '../revoke-token-family.ts';
import type { SessionPolicy } from '../session-policy.ts';
import type { IssueTokenPair, TokenPair } from '../token-pair.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  accounts: AccountDirectory;
  passwords: PasswordHasher;
  prepareSession: PrepareSession;
  issueTokenPair: IssueTokenPair;
  revokeTokenFamily: RevokeTokenFamily;
  clock: Clock;
  policy: Pick<SessionPolicy, 'lockout'>;
}>;

type Input = Readonly<{ identifier: string; password: string; deviceName?: string | undefined }>;

export type SignIn = ReturnType<typeof createSignIn>;

const isLocked = ({ lockedUntil }: Account, now: Instant): boolean =>
  lockedUntil !== null && now < lockedUntil;

/** Why a session that was just opened on `verifiedHash` must not stay, if so. */
const objection = (
  account: Account | undefined,
  verifiedHash: string,
  now: Instant,
): RevocationReason | undefined => {
  if (account === undefined || !account.active) return 'deactivated';
  if (account.passwordHash !== verifiedHash) return 'password_changed';
  return isLocked(account, now) ? 'admin' : undefined;
};

/**
 * A session for whoever knows the password. Every refusal is the same `invalid_credentials`.
 * @throws ApplicationError `invalid_credentials`, `server_busy`
 */
export const createSignIn = ({
  commands,
  accounts,
  passwords,
  prepareSession,
  issueTokenPair,
  revokeTokenFamily,
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

  const rehash = async (userId: string, checkedHash: string, password: string, c: RequestContext) =>
    commands.execute(
      userAggregate,
      userId,
      {
        type: 'RehashPassword',
        data: { checkedHash, passwordHash: await passwords.hash(password), now: clock.now() },
      },
      { ...c, actor: userId },
    );

  /** Re-reads after the append: whatever changed during the slow hash has the last word. */
  const openSession = async (
    account: Account,
    verifiedHash: string,
    deviceName: string | null,
    context: RequestContext,
  ): Promise<TokenPair & { user: UserProfile }> => {
    const now = clock.now();
    const session = prepareSession({ principal: account, deviceName, now }, context);
    await commands.append([session.append]);
    const current = await accounts.findById(account.userId);
    const reason = objection(current, verifiedHash, now);
    if (current === undefined || reason !== undefined) {
      await revokeTokenFamily(session.familyId, reason ?? 'deactivated', context);
      throw new ApplicationError('invalid_credentials');
    }
    const pair = await issueTokenPair(session.familyId, session.family, current, now);
    return { ...pair, user: current.profile };
  };

  return async ({ identifier, password, deviceName }: Input, context: RequestContext) => {
    const account = await find(identifier);
    const hash = account?.passwordHash ?? null;
    const verified = await passwords.verify(hash, password);
    if (account === undefined || hash === null) throw new ApplicationError('invalid_credentials');
    if (!verified) await recordFailure(account, hash, context);
    if (!verified || !account.active || isLocked(account, clock.now())) {
      throw new ApplicationError('invalid_credentials');
    }
    const session = await openSession(account, hash, deviceName ?? null, context);
    if (passwords.isOutdated(hash)) await rehash(account.userId, hash, password, context);
    return session;
  };
};
