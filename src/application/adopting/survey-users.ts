import type { Instant } from '../../domain/instant.ts';
import type { ImportableUser } from '../importing/parse-import-line.ts';
import { type Conflict, createIdentifierConflicts } from './identifier-conflicts.ts';
import { isAdoptableId, type OldUser, type OldUserNote, type ReadOldUsers } from './old-user.ts';

export type UserSurvey = Readonly<{
  found: number;
  /** The number of accounts by password hash scheme, or `none`, or `unreadable`. */
  passwordHashes: Readonly<Record<string, number>>;
  conflicts: readonly Conflict[];
  /** The values that accounts are adopted without, by id; the first 10,000. */
  notes: readonly Readonly<{ userId: string; note: OldUserNote }>[];
  /** The numbers of rows whose id is not allowed, from 1 in the order of ids. */
  unadoptable: readonly number[];
  /** The requested owner, otherwise the oldest admin, otherwise the oldest account. */
  owner: string | undefined;
}>;

const MAX_NOTES = 10_000;

type Candidate = Pick<ImportableUser, 'userId' | 'role' | 'createdAt'>;

const isBefore = (a: Candidate, b: Candidate): boolean =>
  a.role === b.role ? (a.createdAt ?? '') < (b.createdAt ?? '') : a.role === 'admin';

/** Reads the old accounts once, and finds conflicts and values that cannot be adopted. */
export const surveyUsers = async (
  rows: AsyncIterable<OldUser>,
  read: ReadOldUsers,
  schemeOf: (hash: string) => string | undefined,
  now: Instant,
  wantedOwner: string | null,
) => {
  const conflicts = createIdentifierConflicts();
  const notes: { userId: string; note: OldUserNote }[] = [];
  const unadoptable: number[] = [];
  const passwordHashes: Record<string, number> = {};
  let owner: Candidate | undefined;
  let found = 0;
  for await (const row of rows) {
    found += 1;
    if (!isAdoptableId(row.id)) {
      if (unadoptable.length < MAX_NOTES) unadoptable.push(found);
      continue;
    }
    const { user, notes: own } = read(row, found, now);
    conflicts.add(user);
    const isCandidate = wantedOwner === null || wantedOwner === user.userId;
    if (isCandidate && (owner === undefined || isBefore(user, owner))) {
      owner = { userId: user.userId, role: user.role, createdAt: user.createdAt };
    }
    const isEmpty = (row.password_hash ?? '').trim() === '';
    const scheme = isEmpty ? 'none' : (schemeOf(row.password_hash ?? '') ?? 'unreadable');
    passwordHashes[scheme] = (passwordHashes[scheme] ?? 0) + 1;
    for (const note of own) if (notes.length < MAX_NOTES) notes.push({ userId: row.id, note });
  }
  const survey: UserSurvey = {
    found,
    passwordHashes,
    conflicts: conflicts.all(),
    notes,
    unadoptable,
    owner: owner?.userId,
  };
  return { survey, settle: conflicts.settle };
};
