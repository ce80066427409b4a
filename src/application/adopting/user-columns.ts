import { type FoundTable, findColumn } from './found-database.ts';

/**
 * The facts that Latchkey looks for in the old table of users, with likely column names, best
 * first.
 */
const NAMES = {
  id: ['id'],
  email: ['email', 'email_address'],
  username: ['username', 'user_name', 'login'],
  password_hash: ['password_hash', 'hashed_password', 'password'],
  display_name: ['display_name', 'name', 'full_name'],
  role: ['is_admin', 'role'],
  is_active: ['is_active', 'active'],
  email_verified: ['email_verified_at', 'email_verified'],
  created_at: ['created_at'],
} as const;

export type UserFact = keyof typeof NAMES;

/** The old column of each fact; facts that the old table lacks are missing. */
export type UserColumns = Readonly<Partial<Record<UserFact, string>>> & Readonly<{ id: string }>;

export const userFacts = Object.keys(NAMES) as readonly UserFact[];

/** The id is always in the column `id`. */
export const mappable: readonly string[] = userFacts.filter((fact) => fact !== 'id');

export const isMappable = (name: string): boolean => mappable.includes(name);

/** `problem`: why `map` is invalid. */
export type RecognisedColumns = Readonly<{ columns: UserColumns }> | Readonly<{ problem: string }>;

/**
 * Recognises columns by name, unless `map` (fact to column) names one. An empty name means none.
 */
export const recogniseUserColumns = (
  users: FoundTable,
  map: Readonly<Record<string, string>>,
): RecognisedColumns => {
  for (const [fact, column] of Object.entries(map)) {
    if (column !== '' && findColumn(users, column) === undefined) {
      return { problem: `--map ${fact}=${column}: users has no column ${column}` };
    }
  }
  const columns: Partial<Record<UserFact, string>> = {};
  for (const fact of userFacts) {
    const found = map[fact] ?? NAMES[fact].find((name) => findColumn(users, name) !== undefined);
    if (found !== undefined && found !== '') columns[fact] = found;
  }
  const { id } = columns;
  if (id === undefined) return { problem: 'it has no column id' };
  return { columns: { ...columns, id } };
};
