import type { ImportDirectory, KnownKey, WantedKey } from './import-directory.ts';
import type { ImportProblem } from './import-problem.ts';
import type { ImportableUser } from './parse-import-line.ts';

/** The verdict on a line. `unchanged`: the account was imported from this line before. */
export type ImportVerdict = 'new' | 'unchanged' | ImportProblem;

/** Returns the identifiers of an account: its address and its username. */
export const identifiersOf = ({ email, username }: ImportableUser) => [
  ...(email === null ? [] : [{ kind: 'email', value: email } as const]),
  ...(username === null ? [] : [{ kind: 'username', value: username } as const]),
];

/** Returns the identifiers and the id, which only one account can have. */
const wantedKeysOf = (user: ImportableUser): readonly WantedKey[] => [
  ...identifiersOf(user),
  { kind: 'id', value: user.userId },
];

/** Writes a key as text; equal keys have equal texts. */
export const keyText = ({ kind, value }: WantedKey): string => `${kind} ${value}`;

/** Decides by the requested keys that are taken. */
const judge = (user: ImportableUser, known: readonly KnownKey[]): ImportVerdict => {
  const { line } = user;
  // A claim under the user's own id remains from an interrupted run.
  const holders = known.filter(({ kind, userId }) => kind === 'id' || userId !== user.userId);
  const own = holders.find(({ kind }) => kind === 'id');
  // An erased user must not be imported again.
  if (own?.erased === true) return { line, code: 'user_erased' };
  const same = own === undefined ? holders : [own];
  if (same.some(({ checksum }) => checksum === user.checksum)) return 'unchanged';
  const [holder] = same;
  if (holder === undefined) return 'new';
  return { line, code: 'conflict', kind: holder.kind, userId: holder.userId };
};

/** Decides on each account, in one round trip. */
export const judgeAll = async (
  directory: ImportDirectory,
  users: readonly ImportableUser[],
): Promise<readonly Readonly<{ user: ImportableUser; verdict: ImportVerdict }>[]> => {
  if (users.length === 0) return [];
  const found = await directory.find(users.flatMap(wantedKeysOf));
  const known = new Map(found.map((key) => [keyText(key), key]));
  return users.map((user) => {
    const keys = wantedKeysOf(user).flatMap((key) => known.get(keyText(key)) ?? []);
    return { user, verdict: judge(user, keys) };
  });
};
