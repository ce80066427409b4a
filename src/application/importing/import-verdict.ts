import type { ImportDirectory, KnownKey, WantedKey } from './import-directory.ts';
import type { ImportProblem } from './import-problem.ts';
import type { ImportableUser } from './parse-import-line.ts';

/** `unchanged`: the account was imported before, from this very line. */
export type ImportVerdict = 'new' | 'unchanged' | ImportProblem;

/** The identifiers that a user signs in with. */
export const identifiersOf = ({ email, username }: ImportableUser) => [
  ...(email === null ? [] : [{ kind: 'email', value: email } as const]),
  ...(username === null ? [] : [{ kind: 'username', value: username } as const]),
];

/** All that only one account can have. */
const wantedKeysOf = (user: ImportableUser): readonly WantedKey[] => [
  ...identifiersOf(user),
  { kind: 'id', value: user.userId },
];

/** Two keys are equal where their texts are. */
export const keyText = ({ kind, value }: WantedKey): string => `${kind} ${value}`;

/** The verdict on a user, given the keys of `known` that are taken. */
const judge = (user: ImportableUser, known: readonly KnownKey[]): ImportVerdict => {
  const { line } = user;
  // A claim under the user's own id is what a run that ended halfway has left behind.
  const holders = known.filter(({ kind, userId }) => kind === 'id' || userId !== user.userId);
  const own = holders.find(({ kind }) => kind === 'id');
  // What the line says of the person is not to come back unasked.
  if (own?.erased === true) return { line, code: 'user_erased' };
  const same = own === undefined ? holders : [own];
  if (same.some(({ checksum }) => checksum === user.checksum)) return 'unchanged';
  const [holder] = same;
  if (holder === undefined) return 'new';
  return { line, code: 'conflict', kind: holder.kind, userId: holder.userId };
};

/** Decides what happens with each line, in one round trip. */
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
