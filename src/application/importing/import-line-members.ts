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

/** A line as it was written, of the right types. Null says the same as nothing. */
export type LineMembers = Readonly<{
  [Name in Member]?: Value<(typeof MEMBERS)[Name]> | null;
}>;

const isMember = (name: string): name is Member => Object.hasOwn(MEMBERS, name);

// A name that is no plain word may be anything, an address or a terminal's escape sequence included.
const SHOWABLE = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/;

// Neither can be stored as text: PostgreSQL refuses NUL, and half a character has no UTF-8.
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

/** @throws InvalidLine */
export const parseLineMembers = (text: string): LineMembers => {
  const line = parseJson(text);
  if (typeof line !== 'object' || line === null || Array.isArray(line)) {
    throw new InvalidLine('not_an_object');
  }
  for (const [name, value] of Object.entries(line)) requireMember(name, value);
  return line;
};

/** The same text for the same content, however it was spaced and ordered. */
export const canonicalLine = (line: LineMembers): string =>
  JSON.stringify(line, Object.keys(MEMBERS));
