import type { Principal } from '../identity/account-directory.ts';
import type { UserProfile } from '../identity/user-directory.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { PreparedSession, PrepareSession } from '../sessions/prepare-session.ts';
import type { IssueTokenPair, TokenPair } from '../sessions/token-pair.ts';
import type { CreateAccount, CreatedAccount, NewAccount } from './create-account.ts';

type Dependencies = Readonly<{
  createAccount: CreateAccount;
  prepareSession: PrepareSession;
  issueTokenPair: IssueTokenPair;
}>;

type Input = NewAccount & Readonly<{ deviceName?: string | undefined }>;

const principalOf = (
  { userId, householdId }: CreatedAccount,
  emailVerified: boolean,
): Principal => ({
  userId,
  active: true,
  role: 'user',
  tier: 'free',
  emailVerified,
  householdId,
  householdRole: 'owner',
});

const profileOf = (account: CreatedAccount, emailVerified: boolean): UserProfile => ({
  id: account.userId,
  email: account.email,
  emailVerified,
  username: account.username,
  displayName: account.displayName,
  role: 'user',
  tier: 'free',
  locale: account.locale,
  active: true,
  household: { id: account.householdId, name: account.householdName, role: 'owner' },
  createdAt: account.createdAt,
});

export type RegisterUser = ReturnType<typeof createRegisterUser>;

/**
 * Registers a user and signs the user in: stores account, default household and session in one
 * append.
 * @throws DomainError for malformed input; ApplicationError `identifier_taken`,
 * `password_too_common`, `server_busy`
 */
export const createRegisterUser =
  ({ createAccount, prepareSession, issueTokenPair }: Dependencies) =>
  async (
    { deviceName, ...input }: Input,
    context: RequestContext,
    start: 'unverified' | 'verified' = 'unverified',
  ): Promise<TokenPair & { user: UserProfile }> => {
    const sessions: PreparedSession[] = [];
    const account = await createAccount(input, start, context, (created) => {
      const now = created.createdAt;
      const session = prepareSession(
        { principal: created, deviceName: deviceName ?? null, now },
        context,
      );
      sessions.push(session);
      return [session.append];
    });
    const [session] = sessions;
    if (session === undefined) throw new TypeError('an account was created without its session');
    const { familyId, family } = session;
    const verified = start === 'verified';
    const principal = principalOf(account, verified);
    const pair = await issueTokenPair(familyId, family, principal, account.createdAt);
    return { ...pair, user: profileOf(account, verified) };
  };
