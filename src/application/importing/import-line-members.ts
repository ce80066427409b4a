import { InvalidLine } from './import-problem.ts';

/** The members that a line may have, in the order of its canonical form (RFC 8785): by name. */
const MEMBERS = {
  active: 'boolean',
  createdAt: 'string',
  displayName: 'string',
  email: 'string',
  emailVerified: 'boolean',
  householdName: 'string',
  id: 'string',
  locale: 'string',
  passwordHash: 'string',
  role: 'string',
  tier: 'string',
  username: 'string',
} as const;

type Member = keyof typeof MEMBERS;
type Value<Type> = Type extends 'boolean' ? boolean : string;

/** The members of a line, with checked types. Null means the same as an absent member. */
export type LineMembers = Readonly<{
  [Name in Member]?: Value<(typeof MEMBERS)[Name]> | null;
}>;

const isMember = (name: string): name is Member => Object.hasOwn(MEMBERS, name);

// Another name may be personal data or a terminal's escape sequence: it is not shown.
const SHOWABLE = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/;

// PostgreSQL refuses NUL in text, and an unpaired surrogate has no UTF-8.
const isStorable = (text: string): boolean => !/\p{Cs}/u.test(text) && !text.includes('\0');

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidLine('not_json');
  }
};

/** @throws InvalidLine */
const requireMember = (name: string, value: unknown): void => {
  if (!isMember(name)) {
    throw new InvalidLine('unknown_member', SHOWABLE.test(name) ? name : undefined);
  }
  if (value === null) return;
  if (typeof value !== MEMBERS[name]) throw new InvalidLine('wrong_type', name);
  if (typeof value === 'string' && !isStorable(value)) {
    throw new InvalidLine('malformed_text', name);
  }
};

/** Parses a line of JSON and checks names and types of its members. @throws InvalidLine */
export const parseLineMembers = (text: string): LineMembers => {
  const line = parseJson(text);
  if (typeof line !== 'object' || line === null || Array.isArray(line)) {
    throw new InvalidLine('not_an_object');
  }
  for (const [name, value] of Object.entries(line)) requireMember(name, value);
  return line;
};

/** Writes a line canonically, independent of its white space and the order of its members. */
export const canonicalLine = (line: LineMembers): string =>
  JSON.stringify(line, Object.keys(MEMBERS));
