import { parseHouseholdName } from '../../domain/household/household-name.ts';
import type { Instant } from '../../domain/instant.ts';
import { parseDisplayName } from '../../domain/user/display-name.ts';
import { parseEmailAddress } from '../../domain/user/email-address.ts';
import { requireAcceptablePassword } from '../../domain/user/password-policy.ts';
import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import { parseUsername } from '../../domain/user/username.ts';
import { householdAggregate, userAggregate } from '../aggregate.ts';
import type { CommandHandler } from '../command-handler.ts';
import { ApplicationError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import { RevisionConflict, type StreamAppend } from '../ports/event-store.ts';
import type { IdGenerator } from '../ports/id-generator.ts';
import type { IdentifierRegistry } from '../ports/identifier-registry.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { RequestContext } from '../request-context.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  identifiers: IdentifierRegistry;
  passwords: PasswordHasher;
  ids: IdGenerator;
  clock: Clock;
}>;

export type NewAccount = Readonly<{
  email: string;
  password: string;
  displayName: string;
  username?: string | undefined;
  householdName?: string | undefined;
}>;

/** The account as it was stored: every text in its normal form. */
export type CreatedAccount = Readonly<{
  userId: string;
  householdId: string;
  householdName: string;
  email: string;
  username: string | null;
  displayName: string;
  createdAt: Instant;
}>;

/** What else is to be stored in the same breath. */
type AlongWith = (account: CreatedAccount) => readonly StreamAppend[];

const DEFAULT_HOUSEHOLD_NAME = 'Home';

/** Refuses before anything is claimed or hashed. @throws DomainError for what it cannot accept */
const parse = ({ email, username, displayName, password, householdName }: NewAccount) => {
  requireAcceptablePassword(password);
  return {
    email: parseEmailAddress(email),
    username: username === undefined ? null : parseUsername(username),
    displayName: parseDisplayName(displayName),
    householdName: parseHouseholdName(householdName ?? DEFAULT_HOUSEHOLD_NAME),
  };
};

const identifiersOf = ({
  email,
  username,
}: Pick<CreatedAccount, 'email' | 'username'>): SignInIdentifier[] => [
  { kind: 'email', value: email },
  ...(username === null ? [] : [{ kind: 'username', value: username } as const]),
];

export type CreateAccount = ReturnType<typeof createCreateAccount>;

/**
 * An account and its home household, stored together or not at all.
 * @throws DomainError for malformed input; ApplicationError `identifier_taken`, `server_busy`
 */
export const createCreateAccount = ({
  commands,
  identifiers,
  passwords,
  ids,
  clock,
}: Dependencies) => {
  const prepare = (
    account: CreatedAccount,
    passwordHash: string,
    context: RequestContext,
  ): StreamAppend[] => {
    const { userId, householdId, householdName, createdAt: now, ...personal } = account;
    const user = commands.begin(
      userAggregate,
      userId,
      {
        type: 'RegisterUser',
        data: { ...personal, passwordHash, householdId, role: 'user', tier: 'free', now },
      },
      context,
    );
    const household = commands.begin(
      householdAggregate,
      householdId,
      { type: 'CreateHousehold', data: { name: householdName, ownerId: userId, home: true, now } },
      context,
    );
    return [user.append, household.append];
  };

  return async (
    input: NewAccount,
    context: RequestContext,
    alongWith: AlongWith = () => [],
  ): Promise<CreatedAccount> => {
    const parsed = parse(input);
    const userId = ids.userId();
    const claimed = identifiersOf(parsed);
    await identifiers.claim(claimed, userId);
    try {
      const passwordHash = await passwords.hash(input.password);
      const householdId = ids.householdId();
      const account = { ...parsed, userId, householdId, createdAt: clock.now() };
      await commands.append([...prepare(account, passwordHash, context), ...alongWith(account)]);
      return account;
    } catch (error) {
      // Best effort: a claim that stays behind expires by itself.
      await identifiers.release(claimed, userId).catch(() => undefined);
      // The streams are new: only an identifier can be somebody else's, once our claim has expired.
      if (!(error instanceof RevisionConflict)) throw error;
      throw new ApplicationError('identifier_taken', { cause: error });
    }
  };
};
