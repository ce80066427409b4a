import { DomainError } from '../../domain/domain-error.ts';
import { parseHouseholdName } from '../../domain/household/household-name.ts';
import type { Instant } from '../../domain/instant.ts';
import { parseDisplayName } from '../../domain/user/display-name.ts';
import { parseEmailAddress } from '../../domain/user/email-address.ts';
import { parseLocale } from '../../domain/user/locale.ts';
import type { UserRole, UserTier } from '../../domain/user/user-events.ts';
import { foldUsername, parseUsername } from '../../domain/user/username.ts';
import { DEFAULT_HOUSEHOLD_NAME, DEFAULT_LOCALE } from '../accounts/create-account.ts';
import { canonicalLine, type LineMembers, parseLineMembers } from './import-line-members.ts';
import { type ImportProblem, InvalidLine } from './import-problem.ts';
import type { ImportLine } from './import-source.ts';
import { isUserId } from './user-id.ts';

/** A valid line, with normalised texts. */
export type ImportableUser = Readonly<{
  line: number;
  userId: string;
  /** The id in the line; null when it has none. */
  givenId: string | null;
  checksum: string;
  email: string | null;
  emailVerified: boolean;
  username: string | null;
  displayName: string;
  passwordHash: string | null;
  role: UserRole;
  tier: UserTier;
  locale: string;
  active: boolean;
  householdName: string;
  /** Null: the time of the import. */
  createdAt: Instant | null;
}>;

type Dependencies = Readonly<{
  isReadableHash(text: string): boolean;
  /** Computes the keyed hash (hex) of a line's canonical text. */
  checksumOf(canonical: string): string;
  /** Derives the id of an account whose line has none; the same for the same line. */
  userIdFor(checksum: string): string;
}>;

const parseId = (id: string): string => {
  if (!isUserId(id)) throw new InvalidLine('id_invalid');
  return id;
};

const parseRole = (role: string): UserRole => {
  if (role !== 'user' && role !== 'admin') throw new InvalidLine('role_invalid');
  return role;
};

/** Refuses the tier of guests, which have no credentials. */
const parseTier = (tier: string): UserTier => {
  if (tier !== 'free' && tier !== 'member') throw new InvalidLine('tier_invalid');
  return tier;
};

const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const EARLIEST: Instant = '1970-01-01T00:00:00.000Z';

/** Parses a timestamp with offset (RFC 3339, 5.6), not before 1970 and not after `now`. */
const parseCreatedAt = (text: string, now: Instant): Instant => {
  const [, day = ''] = TIMESTAMP.exec(text) ?? [];
  const time = Date.parse(text);
  // `Date` accepts the 30th of February as another day.
  const isDay = day !== '' && new Date(`${day}T00:00Z`).toJSON()?.startsWith(day) === true;
  if (!isDay || Number.isNaN(time)) throw new InvalidLine('created_at_invalid');
  const instant = new Date(time).toISOString();
  if (instant < EARLIEST || instant > now) throw new InvalidLine('created_at_invalid');
  return instant;
};

/** Parses a value unless it is absent or null. */
const given = <Parsed>(
  text: string | null | undefined,
  parse: (text: string) => Parsed,
): Parsed | null => (text === null || text === undefined ? null : parse(text));

const parseIdentity = (line: LineMembers) => {
  const email = given(line.email, parseEmailAddress);
  const username = given(line.username, parseUsername);
  const name = email?.slice(0, email.indexOf('@')) ?? username;
  if (name === null) throw new InvalidLine('identifier_missing');
  const givenId = given(line.id, parseId);
  if (givenId !== null && foldUsername(givenId) === username) throw new InvalidLine('id_invalid');
  const displayName = parseDisplayName(line.displayName ?? name);
  return { email, username, givenId, displayName };
};

export type ParseImportLine = ReturnType<typeof createParseImportLine>;

/** Parses a line into an account, or returns the first problem with it. */
export const createParseImportLine = ({ isReadableHash, checksumOf, userIdFor }: Dependencies) => {
  const parsePasswordHash = (text: string): string | null => {
    if (text === '') return null;
    if (!isReadableHash(text)) throw new InvalidLine('password_hash_unreadable');
    return text;
  };

  const parse = (text: string, now: Instant): Omit<ImportableUser, 'line'> => {
    const line = parseLineMembers(text);
    const identity = parseIdentity(line);
    const checksum = checksumOf(canonicalLine(line));
    return {
      ...identity,
      userId: identity.givenId ?? userIdFor(checksum),
      checksum,
      emailVerified: line.emailVerified === true && identity.email !== null,
      passwordHash: given(line.passwordHash, parsePasswordHash),
      role: parseRole(line.role ?? 'user'),
      tier: parseTier(line.tier ?? 'free'),
      locale: parseLocale(line.locale ?? DEFAULT_LOCALE),
      active: line.active ?? true,
      householdName: parseHouseholdName(line.householdName ?? DEFAULT_HOUSEHOLD_NAME),
      createdAt: given(line.createdAt, (instant) => parseCreatedAt(instant, now)),
    };
  };

  return (line: ImportLine, now: Instant): ImportableUser | ImportProblem => {
    const { number } = line;
    if ('unreadable' in line) return { line: number, code: line.unreadable };
    try {
      return { line: number, ...parse(line.text, now) };
    } catch (error) {
      if (error instanceof DomainError) return { line: number, code: error.code };
      if (!(error instanceof InvalidLine)) throw error;
      const { code, member } = error;
      return { line: number, code, ...(member !== undefined && { member }) };
    }
  };
};
