import { parseHouseholdName } from '../../domain/household/household-name.ts';
import type { Instant } from '../../domain/instant.ts';
import { parseDisplayName } from '../../domain/user/display-name.ts';
import { parseEmailAddress } from '../../domain/user/email-address.ts';
import { parseLocale } from '../../domain/user/locale.ts';
import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import { parseUsername } from '../../domain/user/username.ts';
import type { AcceptPassword } from '../identity/accept-password.ts';
import type { IdentifierRegistry } from '../identity/identifier-registry.ts';
import type { OneTimeTokens } from '../identity/one-time-tokens.ts';
import type { PasswordHasher } from '../identity/password-hasher.ts';
import type { PrepareAccount } from '../identity/prepare-account.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import { ApplicationError } from '../kernel/errors.ts';
import { RevisionConflict, type StreamAppend } from '../kernel/event-store.ts';
import type { IdGenerator } from '../kernel/id-generator.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  identifiers: IdentifierRegistry;
  acceptPassword: AcceptPassword;
  passwords: PasswordHasher;
  oneTimeTokens: OneTimeTokens;
  prepareAccount: PrepareAccount;
  ids: IdGenerator;
  clock: Clock;
}>;

/** The input of a registration, in any spelling. */
export type NewAccount = Readonly<{
  email: string;
  password: string;
  displayName: string;
  username?: string | undefined;
  householdName?: string | undefined;
  locale?: string | undefined;
}>;

/** The stored account, with normalised texts. */
export type CreatedAccount = Readonly<{
  userId: string;
  householdId: string;
  householdName: string;
  email: string;
  username: string | null;
  displayName: string;
  locale: string;
  createdAt: Instant;
}>;

/**
 * The initial state of an account's address. `unverified`: the identifiers are claimed at once, and
 * the address gets a verification mail. `verified`: the identifiers are claimed, and the caller
 * guarantees the address. `pending`: sign-in is refused and no identifier is claimed until the
 * address is verified.
 */
export type AccountStart = 'unverified' | 'verified' | 'pending';

/** Returns further appends to store together with the account. */
type AlongWith = (account: CreatedAccount) => readonly StreamAppend[];

/** The name of a default household whose owner gave none. */
export const DEFAULT_HOUSEHOLD_NAME = 'Home';
/** The locale of an account that has none. */
export const DEFAULT_LOCALE = 'en';

const identifiersOf = ({
  email,
  username,
}: Pick<CreatedAccount, 'email' | 'username'>): SignInIdentifier[] => [
  { kind: 'email', value: email },
  ...(username === null ? [] : [{ kind: 'username', value: username } as const]),
];

export type CreateAccount = ReturnType<typeof createCreateAccount>;

/**
 * Creates an account and its default household in one append.
 * @throws DomainError for malformed input; ApplicationError `identifier_taken` (never when
 * pending), `password_too_common`, `server_busy`
 */
export const createCreateAccount = ({
  commands,
  identifiers,
  acceptPassword,
  passwords,
  oneTimeTokens,
  prepareAccount,
  ids,
  clock,
}: Dependencies) => {
  /** Refuses before anything is claimed or hashed. */
  const parse = (input: NewAccount) => {
    acceptPassword(input.password);
    return {
      email: parseEmailAddress(input.email),
      username: input.username === undefined ? null : parseUsername(input.username),
      displayName: parseDisplayName(input.displayName),
      householdName: parseHouseholdName(input.householdName ?? DEFAULT_HOUSEHOLD_NAME),
      locale: parseLocale(input.locale ?? DEFAULT_LOCALE),
    };
  };

  const store = async (
    account: ReturnType<typeof parse> & { userId: string; start: AccountStart },
    password: string,
    context: RequestContext,
    alongWith: AlongWith,
  ): Promise<CreatedAccount> => {
    const { start, ...parsed } = account;
    const passwordHash = await passwords.hash(password);
    const createdAt = clock.now();
    const verification =
      start === 'verified' ? start : oneTimeTokens.issue('email_verification', createdAt);
    const pending = start === 'pending';
    const { householdId, appends } = prepareAccount(
      { ...parsed, passwordHash, pending, verification, role: 'user', tier: 'free', createdAt },
      context,
    );
    const created = { ...parsed, householdId, createdAt };
    await commands.append([...appends, ...alongWith(created)]);
    return created;
  };

  return async (
    input: NewAccount,
    start: AccountStart,
    context: RequestContext,
    alongWith: AlongWith = () => [],
  ): Promise<CreatedAccount> => {
    const account = { ...parse(input), userId: ids.userId(), start };
    if (start === 'pending') return store(account, input.password, context, alongWith);
    const claimed = identifiersOf(account);
    await identifiers.claim(claimed, account.userId);
    try {
      return await store(account, input.password, context, alongWith);
    } catch (error) {
      // Best effort: a claim that remains expires.
      await identifiers.release(claimed, account.userId).catch(() => undefined);
      // The streams are new: the conflict is an identifier claimed by another user after our claim
      // expired.
      if (!(error instanceof RevisionConflict)) throw error;
      throw new ApplicationError('identifier_taken', { cause: error });
    }
  };
};
