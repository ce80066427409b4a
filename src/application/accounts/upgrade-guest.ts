import { DomainError } from '../../domain/domain-error.ts';
import { parseDisplayName } from '../../domain/user/display-name.ts';
import { parseEmailAddress } from '../../domain/user/email-address.ts';
import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import { parseUsername } from '../../domain/user/username.ts';
import type { AcceptPassword } from '../identity/accept-password.ts';
import type { AccountDirectory } from '../identity/account-directory.ts';
import type { IdentifierRegistry } from '../identity/identifier-registry.ts';
import type { OneTimeTokens } from '../identity/one-time-tokens.ts';
import type { PasswordHasher } from '../identity/password-hasher.ts';
import { userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  accounts: AccountDirectory;
  identifiers: IdentifierRegistry;
  acceptPassword: AcceptPassword;
  passwords: PasswordHasher;
  oneTimeTokens: OneTimeTokens;
  clock: Clock;
  /** Set if an address must be verified before it takes effect. */
  verifyFirst: boolean;
}>;

type Input = Readonly<{
  email: string;
  password: string;
  displayName?: string | undefined;
  username?: string | undefined;
}>;

export type UpgradeGuest = ReturnType<typeof createUpgradeGuest>;

/**
 * Gives a guest credentials; id, household and sessions remain. With `verifyFirst` the upgrade
 * takes effect once the link in the mail is used, and the response is the same for a taken address.
 * @returns true if the account is upgraded already
 * @throws DomainError for malformed input, `not_a_guest`; ApplicationError `identifier_taken` (only
 * without `verifyFirst`), `password_too_common`, `server_busy`
 */
export const createUpgradeGuest = ({
  commands,
  accounts,
  identifiers,
  acceptPassword,
  passwords,
  oneTimeTokens,
  clock,
  verifyFirst,
}: Dependencies) => {
  const prepare = async (userId: string, input: Input) => {
    acceptPassword(input.password);
    const email = parseEmailAddress(input.email);
    const username = input.username === undefined ? null : parseUsername(input.username);
    const name = input.displayName === undefined ? undefined : parseDisplayName(input.displayName);
    const guest = await accounts.findById(userId);
    if (guest?.tier !== 'anonymous') throw new DomainError('not_a_guest');
    return { email, username, displayName: name ?? guest.profile.displayName ?? '' };
  };

  const execute = async (
    type: 'UpgradeGuest' | 'RequestGuestUpgrade',
    userId: string,
    requested: Awaited<ReturnType<typeof prepare>>,
    password: string,
    context: RequestContext,
  ) => {
    const passwordHash = await passwords.hash(password);
    const now = clock.now();
    const token = oneTimeTokens.issue('email_verification', now);
    const data = { ...requested, passwordHash, token, now };
    await commands.execute(userAggregate, userId, { type, data }, context);
  };

  return async (userId: string, input: Input, context: RequestContext): Promise<boolean> => {
    const requested = await prepare(userId, input);
    if (verifyFirst) {
      await execute('RequestGuestUpgrade', userId, requested, input.password, context);
      return false;
    }
    const { email, username } = requested;
    const claimed: SignInIdentifier[] = [
      { kind: 'email', value: email },
      ...(username === null ? [] : [{ kind: 'username', value: username } as const]),
    ];
    await identifiers.claim(claimed, userId);
    try {
      await execute('UpgradeGuest', userId, requested, input.password, context);
      return true;
    } catch (error) {
      await identifiers.release(claimed, userId).catch(() => undefined);
      throw error;
    }
  };
};
