import type { Principal } from '../identity/account-directory.ts';
import type { PrepareAccount } from '../identity/prepare-account.ts';
import type { UserProfile } from '../identity/user-directory.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { IdGenerator } from '../kernel/id-generator.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { PrepareSession } from '../sessions/prepare-session.ts';
import type { IssueTokenPair, TokenPair } from '../sessions/token-pair.ts';
import { DEFAULT_HOUSEHOLD_NAME, DEFAULT_LOCALE } from './create-account.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  prepareAccount: PrepareAccount;
  prepareSession: PrepareSession;
  issueTokenPair: IssueTokenPair;
  ids: IdGenerator;
  clock: Clock;
}>;

type Input = Readonly<{ deviceName?: string | undefined; locale?: string | undefined }>;

const GUEST_NAME = 'Guest';

export type StartGuestSession = ReturnType<typeof createStartGuestSession>;

/**
 * Creates an account without credentials, for a user who tries out the application, and its
 * session.
 * @throws ApplicationError `service_unavailable`
 */
export const createStartGuestSession =
  ({ commands, prepareAccount, prepareSession, issueTokenPair, ids, clock }: Dependencies) =>
  async (
    { deviceName, locale = DEFAULT_LOCALE }: Input,
    context: RequestContext,
  ): Promise<TokenPair & { user: UserProfile }> => {
    const userId = ids.userId();
    const now = clock.now();
    const identity = {
      email: null,
      username: null,
      displayName: GUEST_NAME,
      role: 'user',
      tier: 'anonymous',
      locale,
    } as const;
    const { householdId, appends } = prepareAccount(
      {
        ...identity,
        userId,
        passwordHash: null,
        pending: false,
        verification: null,
        householdName: DEFAULT_HOUSEHOLD_NAME,
        createdAt: now,
      },
      context,
    );
    const principal: Principal = {
      userId,
      active: true,
      role: identity.role,
      tier: identity.tier,
      emailVerified: false,
      householdId,
      householdRole: 'owner',
    };
    const session = prepareSession({ principal, deviceName: deviceName ?? null, now }, context);
    await commands.append([...appends, session.append]);
    const pair = await issueTokenPair(session.familyId, session.family, principal, now);
    const profile: UserProfile = {
      ...identity,
      id: userId,
      emailVerified: false,
      active: true,
      household: { id: householdId, name: DEFAULT_HOUSEHOLD_NAME, role: 'owner' },
      createdAt: now,
    };
    return { ...pair, user: profile };
  };
