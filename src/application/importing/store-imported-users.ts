import type { IdentifierClaim, IdentifierClaims } from '../identity/identifier-claims.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import { ApplicationError } from '../kernel/errors.ts';
import { RevisionConflict } from '../kernel/event-store.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { ImportDirectory } from './import-directory.ts';
import type { ImportProblem } from './import-problem.ts';
import { identifiersOf, judgeAll, keyText } from './import-verdict.ts';
import type { ImportableUser } from './parse-import-line.ts';
import type { PrepareImportedAccount } from './prepare-imported-account.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  prepareImportedAccount: PrepareImportedAccount;
  claims: IdentifierClaims;
  directory: ImportDirectory;
  clock: Clock;
}>;

/** The outcome of one line. */
export type StoredUser = Readonly<{
  line: number;
  outcome: 'imported' | 'unchanged' | ImportProblem;
}>;

/** Limit on repeated conflicts; only an account under constant contention reaches it. */
const MAX_ATTEMPTS = 20;

const claimsOf = (user: ImportableUser): readonly IdentifierClaim[] =>
  identifiersOf(user).map((identifier) => ({ ...identifier, userId: user.userId }));

/** Splits into powers of two: PostgreSQL plans one statement per size, and sizes must be few. */
const inChunks = (users: readonly ImportableUser[]): readonly (readonly ImportableUser[])[] => {
  if (users.length === 0) return [];
  const size = 2 ** Math.floor(Math.log2(users.length));
  return [users.slice(0, size), ...inChunks(users.slice(size))];
};

export type StoreImportedUsers = ReturnType<typeof createStoreImportedUsers>;

/**
 * Stores several accounts in one append, after claiming their identifiers. Accounts in conflict
 * with another are stored one by one.
 * @throws ApplicationError `concurrent_update`, `service_unavailable`; no account is stored in part
 */
export const createStoreImportedUsers = ({
  commands,
  prepareImportedAccount,
  claims,
  directory,
  clock,
}: Dependencies) => {
  /** @returns false after a conflict with a concurrent append */
  const append = async (
    users: readonly ImportableUser[],
    source: string,
    context: RequestContext,
  ): Promise<boolean> => {
    const now = clock.now();
    try {
      await commands.append(
        users.flatMap((user) => prepareImportedAccount(user, source, now, context)),
      );
      return true;
    } catch (error) {
      if (error instanceof RevisionConflict) return false;
      throw error;
    }
  };

  /** Releases unconfirmed claims, best effort: a claim that remains expires. */
  const releaseClaim = (users: readonly ImportableUser[]): Promise<void> =>
    claims.release(users.flatMap(claimsOf)).catch(() => undefined);

  const storeOne = async (
    user: ImportableUser,
    source: string,
    context: RequestContext,
  ): Promise<StoredUser['outcome']> => {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const wanted = claimsOf(user);
      const claimed = await claims.claim(wanted);
      if (claimed.length === wanted.length && (await append([user], source, context))) {
        return 'imported';
      }
      const [judged] = await judgeAll(directory, [user]);
      if (judged !== undefined && judged.verdict !== 'new') return judged.verdict;
    }
    throw new ApplicationError('concurrent_update');
  };

  const storeAll = async (
    users: readonly ImportableUser[],
    source: string,
    context: RequestContext,
  ): Promise<readonly StoredUser[]> => {
    const claimed = new Set((await claims.claim(users.flatMap(claimsOf))).map(keyText));
    const isClaimed = (user: ImportableUser) =>
      identifiersOf(user).every((identifier) => claimed.has(keyText(identifier)));
    const contested = users.filter((user) => !isClaimed(user));
    const stored: StoredUser[] = [];
    for (const chunk of inChunks(users.filter(isClaimed))) {
      if (await append(chunk, source, context)) {
        stored.push(...chunk.map(({ line }) => ({ line, outcome: 'imported' }) as const));
      } else contested.push(...chunk);
    }
    const left: ImportableUser[] = [];
    for (const { user, verdict } of await judgeAll(directory, contested)) {
      const outcome = verdict === 'new' ? await storeOne(user, source, context) : verdict;
      stored.push({ line: user.line, outcome });
      if (outcome !== 'imported') left.push(user);
    }
    if (left.length > 0) await releaseClaim(left);
    return stored;
  };

  return async (
    users: readonly ImportableUser[],
    source: string,
    context: RequestContext,
  ): Promise<readonly StoredUser[]> => {
    try {
      return await storeAll(users, source, context);
    } catch (error) {
      await releaseClaim(users);
      throw error;
    }
  };
};
