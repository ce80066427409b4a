import { type FoundTable, findColumn } from './found-database.ts';

/** What Latchkey looks for in the old table of users, and under which names, the best one first. */
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

/** The old column that says each thing; what is missing, the old table does not say. */
export type UserColumns = Readonly<Partial<Record<UserFact, string>>> & Readonly<{ id: string }>;

export const userFacts = Object.keys(NAMES) as readonly UserFact[];

/** The id is always called so. */
export const mappable: readonly string[] = userFacts.filter((fact) => fact !== 'id');

export const isMappable = (name: string): boolean => mappable.includes(name);

/** `problem`: why `map` cannot be followed. */
export type RecognisedColumns = Readonly<{ columns: UserColumns }> | Readonly<{ problem: string }>;

/** By name, unless `map` (ours to theirs) says otherwise. An empty name: there is none. */
export const recogniseUserColumns = (
  users: FoundTable,
  map: Readonly<Record<string, string>>,
): RecognisedColumns => {
  for (const [ours, theirs] of Object.entries(map)) {
    if (theirs !== '' && findColumn(users, theirs) === undefined) {
      return { problem: `--map ${ours}=${theirs}: users has no column ${theirs}` };
    }
  }
  const columns: Partial<Record<UserFact, string>> = {};
  for (const fact of userFacts) {
    const found = map[fact] ?? NAMES[fact].find((name) => findColumn(users, name) !== undefined);
    if (found !== undefined && found !== '') columns[fact] = found;
  }
  const { id } = columns;
  if (id === undefined) return { problem: 'there is no column id' };
  return { columns: { ...columns, id } };
};
