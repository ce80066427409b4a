import type { Instant } from '../../domain/instant.ts';
import { parsePlainText } from '../../domain/plain-text.ts';
import { parseDisplayName } from '../../domain/user/display-name.ts';
import { parseEmailAddress } from '../../domain/user/email-address.ts';
import { foldUsername } from '../../domain/user/username.ts';
import { DEFAULT_HOUSEHOLD_NAME, DEFAULT_LOCALE } from '../accounts/create-account.ts';
import type { ImportableUser } from '../importing/parse-import-line.ts';
import { isUserId } from '../importing/user-id.ts';
import type { UserFact } from './user-columns.ts';

/** A row of the old table, with every value as text. */
export type OldUser = Readonly<Record<UserFact, string | null>> & Readonly<{ id: string }>;

/** A value that cannot be adopted; the account is adopted without it. */
export type OldUserNote = 'email_unusable' | 'username_unusable' | 'password_hash_unreadable';

/** `nameWithoutEmail`: the display name if the account cannot keep its address. */
export type ReadOldUser = Readonly<{
  user: ImportableUser;
  nameWithoutEmail: string;
  notes: readonly OldUserNote[];
}>;

type Dependencies = Readonly<{
  schemeOf(text: string): string | undefined;
  /** Computes a keyed hash, in hex, of a row's canonical text. */
  checksumOf(canonical: string): string;
}>;

const MAX_USERNAME = 255;
const EARLIEST: Instant = '1970-01-01T00:00:00.000Z';
const YES = /^(t|true|y|yes|on|admin|administrator)$/i;
const NO = /^(f|false|n|no|off|0|)$/i;

const attempt = <Parsed>(parse: () => Parsed): Parsed | undefined => {
  try {
    return parse();
  } catch {
    return undefined;
  }
};

const parseOldEmail = (text: string | null): string | undefined =>
  text === null ? undefined : attempt(() => parseEmailAddress(text));

/** Old usernames stay valid however short, unless they look like an address. */
const parseOldUsername = (text: string): string | undefined => {
  const folded = foldUsername(text);
  return folded.includes('@') ? undefined : parsePlainText(folded, MAX_USERNAME);
};

const isGiven = (text: string | null): text is string => text !== null && text.trim() !== '';

const readIdentifiers = ({ email: oldEmail, username: oldUsername }: OldUser) => {
  const notes: OldUserNote[] = [];
  let email = parseOldEmail(oldEmail);
  if (email === undefined && isGiven(oldEmail)) notes.push('email_unusable');
  const username = isGiven(oldUsername) ? parseOldUsername(oldUsername) : undefined;
  if (username === undefined && isGiven(oldUsername)) {
    // An application with sign-in by address may keep the address in the column of the username.
    const address = isGiven(oldEmail) ? undefined : parseOldEmail(oldUsername);
    if (address === undefined) notes.push('username_unusable');
    email ??= address;
  }
  return { email: email ?? null, username: username ?? null, notes };
};

/** The first valid display name; an id always is one. */
const readDisplayName = (candidates: readonly (string | null)[], id: string): string => {
  for (const candidate of candidates) {
    if (candidate === null) continue;
    const name = attempt(() => parseDisplayName(candidate));
    if (name !== undefined) return name;
  }
  return id.slice(0, 100);
};

const readCreatedAt = (text: string | null, now: Instant): Instant => {
  const time = text === null ? Number.NaN : Date.parse(text);
  if (Number.isNaN(time)) return now;
  const instant = new Date(time).toISOString();
  return instant < EARLIEST || instant > now ? now : instant;
};

/** Whether an account can have this id. */
export const isAdoptableId = isUserId;

export type ReadOldUsers = ReturnType<typeof createReadOldUser>;

/** Derives an account from an old row; always the same one from the same row. */
export const createReadOldUser = ({ schemeOf, checksumOf }: Dependencies) => {
  const readHash = (text: string | null) => {
    if (!isGiven(text)) return { passwordHash: null, notes: [] };
    return schemeOf(text) !== undefined
      ? { passwordHash: text, notes: [] }
      : { passwordHash: null, notes: ['password_hash_unreadable'] as const };
  };

  /** `line`: the number of the row; `now`: the time when the adoption began. */
  return (row: OldUser, line: number, now: Instant): ReadOldUser => {
    const { email, username, notes } = readIdentifiers(row);
    const { passwordHash, notes: hashNotes } = readHash(row.password_hash);
    const prefix = email === null ? null : email.slice(0, email.indexOf('@'));
    const user: ImportableUser = {
      line,
      userId: row.id,
      givenId: row.id,
      checksum: checksumOf(
        JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))),
      ),
      email,
      emailVerified: email !== null && !NO.test(row.email_verified ?? ''),
      username,
      displayName: readDisplayName([row.display_name, prefix, row.username], row.id),
      passwordHash,
      role: YES.test(row.role ?? '') ? 'admin' : 'user',
      tier: 'free',
      locale: DEFAULT_LOCALE,
      active: row.is_active === null || !NO.test(row.is_active),
      householdName: DEFAULT_HOUSEHOLD_NAME,
      createdAt: readCreatedAt(row.created_at, now),
    };
    const nameWithoutEmail = readDisplayName([row.display_name, row.username], row.id);
    return { user, nameWithoutEmail, notes: [...notes, ...hashNotes] };
  };
};
