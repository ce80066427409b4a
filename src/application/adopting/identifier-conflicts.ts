import { identifiersOf, keyText } from '../importing/import-verdict.ts';
import type { ImportableUser } from '../importing/parse-import-line.ts';
import type { ReadOldUser } from './old-user.ts';

/** Several old accounts with one identifier after case and Unicode form are normalised. */
export type Conflict = Readonly<{ kind: 'email' | 'username'; userIds: readonly string[] }>;

export type IdentifierConflicts = ReturnType<typeof createIdentifierConflicts>;

/**
 * Finds identifiers of several accounts. None of these accounts keeps it, as its owner is unknown.
 */
export const createIdentifierConflicts = () => {
  const holders = new Map<string, string>();
  const contested = new Map<string, { kind: Conflict['kind']; userIds: string[] }>();
  const isContested = (kind: Conflict['kind'], value: string | null): boolean =>
    value !== null && contested.has(keyText({ kind, value }));
  return {
    add: (user: ImportableUser): void => {
      for (const identifier of identifiersOf(user)) {
        const key = keyText(identifier);
        const holder = holders.get(key);
        if (holder === undefined) {
          holders.set(key, user.userId);
          continue;
        }
        const conflict = contested.get(key) ?? { kind: identifier.kind, userIds: [holder] };
        conflict.userIds.push(user.userId);
        contested.set(key, conflict);
      }
    },
    /** Returns the account without contested identifiers. */
    settle: ({ user, nameWithoutEmail }: ReadOldUser): ImportableUser => {
      const username = isContested('username', user.username) ? null : user.username;
      if (!isContested('email', user.email)) return { ...user, username };
      const lost = { email: null, emailVerified: false, displayName: nameWithoutEmail };
      return { ...user, username, ...lost };
    },
    all: (): readonly Conflict[] => [...contested.values()],
  };
};
