import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { START } from '../../support/events/token-family-fixtures.ts';
import { hash } from '../../support/events/user-fixtures.ts';
import { parseReadably, toImportLine } from '../../support/importing/import-services.ts';

const parse = (line: object | string) =>
  parseReadably(toImportLine(typeof line === 'string' ? line : JSON.stringify(line)), START);

const email = 'ann@example.com';

describe('a line of an import that has every member', () => {
  it('comes out in its normal form', () => {
    const line = {
      username: ' Ann ',
      id: 'auth0|42',
      email: ' Ann@EXAMPLE.com',
      emailVerified: true,
      displayName: ' Ann Smith ',
      passwordHash: hash,
      role: 'admin',
      tier: 'member',
      active: false,
      locale: 'de',
      householdName: ' The Smiths ',
      createdAt: '2001-02-03T04:05:06+01:00',
    };
    const sorted = Object.entries(line).sort(([a], [b]) => (a < b ? -1 : 1));
    expect(parse(line)).toStrictEqual({
      line: 1,
      userId: 'auth0|42',
      givenId: 'auth0|42',
      checksum: `sum of ${JSON.stringify(Object.fromEntries(sorted))}`,
      email,
      emailVerified: true,
      username: 'ann',
      displayName: 'Ann Smith',
      passwordHash: hash,
      role: 'admin',
      tier: 'member',
      locale: 'de',
      active: false,
      householdName: 'The Smiths',
      createdAt: '2001-02-03T03:05:06.000Z',
    });
  });
});

describe('a line of an import that has few members', () => {
  const plain = {
    line: 1,
    userId: 'user for sum of {"email":"Ann@example.com"}',
    givenId: null,
    checksum: 'sum of {"email":"Ann@example.com"}',
    email,
    emailVerified: false,
    username: null,
    displayName: 'ann',
    passwordHash: null,
    role: 'user',
    tier: 'free',
    locale: 'en',
    active: true,
    householdName: 'Home',
    createdAt: null,
  };

  it('gets defaults, and the local part of its address as its display name', () =>
    expect(parse('{"email":"Ann@example.com"}')).toStrictEqual(plain));

  it('gets its username as its display name where it has no address, and no verified address', () =>
    expect(parse({ username: 'Ben', emailVerified: true })).toMatchObject({
      email: null,
      emailVerified: false,
      username: 'ben',
      displayName: 'ben',
    }));

  it('means the same with null as without the member, but has another checksum', () => {
    const nulls = { email: 'Ann@example.com', id: null, active: null, role: null, createdAt: null };
    const checksum =
      'sum of {"active":null,"createdAt":null,"email":"Ann@example.com","id":null,"role":null}';
    expect(parse(nulls)).toStrictEqual({ ...plain, checksum, userId: `user for ${checksum}` });
  });

  it('has no password where the hash is empty', () =>
    expect(parse({ email, passwordHash: '' })).toMatchObject({ passwordHash: null }));

  it('has the same checksum whatever its spacing and order', () =>
    expect(parse(' { "username" : "ben" , "email":"\\u0061@b.c"} ')).toStrictEqual(
      parse({ email: 'a@b.c', username: 'ben' }),
    ));
});

describe('a line of an import that is refused', () => {
  it.each<[code: string, line: object | string, member?: string]>([
    ['not_json', 'email: a@b.c'],
    ['not_json', '{"email":"a@b.c"'],
    ['not_json', '{"email":"a@b.c"}{"email":"b@b.c"}'],
    ['not_json', '{"email":"a\0@b.c"}'],
    ['not_an_object', '[{"email":"a@b.c"}]'],
    ['not_an_object', 'null'],
    ['not_an_object', '"a@b.c"'],
    ['not_an_object', '['.repeat(1_000) + ']'.repeat(1_000)],
    ['unknown_member', { email, phone: '1' }, 'phone'],
    ['unknown_member', `{"email":"${email}","__proto__":{"role":"admin"}}`, '__proto__'],
    ['unknown_member', { email, constructor: null }, 'constructor'],
    ['unknown_member', { email, 'ann@example.com': 1 }],
    ['unknown_member', { email, '\u009b31m': 1 }],
    ['wrong_type', { email: ['a@b.c'] }, 'email'],
    ['wrong_type', { email, id: 42 }, 'id'],
    ['wrong_type', { email, active: 'yes' }, 'active'],
    ['wrong_type', { email, emailVerified: 1 }, 'emailVerified'],
    ['malformed_text', '{"username":"ann","displayName":"\\ud800"}', 'displayName'],
    ['malformed_text', '{"username":"ann","householdName":"a\\u0000b"}', 'householdName'],
    ['identifier_missing', {}],
    ['identifier_missing', { email: null, displayName: 'Ann' }],
    ['email_invalid', { email: '' }],
    ['email_invalid', { email: 'ann' }],
    ['username_invalid', { email, username: 'a@b' }],
    ['display_name_invalid', { email, displayName: ' ' }],
    ['household_name_invalid', { email, householdName: 'x'.repeat(101) }],
    ['locale_invalid', { email, locale: 'a language' }],
    ['role_invalid', { email, role: 'root' }],
    ['tier_invalid', { email, tier: 'anonymous' }],
    ['password_hash_unreadable', { email, passwordHash: 'secret' }],
    ['created_at_invalid', { email, createdAt: '' }],
    ['created_at_invalid', { email, createdAt: '2001-02-03' }],
    ['created_at_invalid', { email, createdAt: '2001-02-03T04:05:06' }],
    ['created_at_invalid', { email, createdAt: '2001-02-30T04:05:06Z' }],
    ['created_at_invalid', { email, createdAt: '2001-13-01T04:05:06Z' }],
    ['created_at_invalid', { email, createdAt: '2001-02-03T25:05:06Z' }],
    ['created_at_invalid', { email, createdAt: '1969-12-31T23:59:59Z' }],
    ['created_at_invalid', { email, createdAt: '9999-01-01T00:00:00Z' }],
  ])('has the problem %s (%#)', (code, line, member) =>
    expect(parse(line)).toStrictEqual({ line: 1, code, ...(member !== undefined && { member }) }),
  );

  it.each([
    '',
    ' ',
    'a b',
    'a\tb',
    'a\u0000',
    'a\u007f',
    'é',
    'x'.repeat(129),
    'ann@example.com',
    '.',
    '..',
    '-rf',
    'system',
    'anonymous',
    'cli:root',
  ])('is refused for its id: %j', (id) => {
    const answer = parse({ email, id });
    expect(answer).toMatchObject({ line: 1 });
    expect('code' in answer && ['id_invalid', 'malformed_text'].includes(answer.code)).toBe(true);
  });

  it('is refused when its username is its id, which an erasure keeps', () =>
    expect(parse({ username: 'Ann', id: 'ANN' })).toStrictEqual({ line: 1, code: 'id_invalid' }));

  it.each(['1', 'x'.repeat(128), 'a/b?c#d%e', '018f9c3e-7d5b-7c3a-9b1e-0123456789ab'])(
    'is not refused for the id %j',
    (id) => expect(parse({ email, id })).toMatchObject({ userId: id, givenId: id }),
  );

  it.each(['line_too_long', 'not_utf8'] as const)('is refused unread: %s', (unreadable) =>
    expect(parseReadably({ number: 7, end: 0, unreadable }, START)).toStrictEqual({
      line: 7,
      code: unreadable,
    }),
  );
});

describe('any line of an import', () => {
  const value = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }));
  const anyLine = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.jsonValue().map((json) => JSON.stringify(json)),
    fc
      .record(
        { id: value, email: value, username: value, displayName: value, createdAt: value },
        { requiredKeys: [] },
      )
      .map((json) => JSON.stringify(json)),
  );

  it('is an account or has a problem that quotes no value of it', () =>
    fc.assert(
      fc.property(anyLine, (line) => {
        const answer = parse(line);
        if ('code' in answer) expect(answer.code).toMatch(/^[a-z_0-9]+$/);
        else expect(answer.email ?? answer.username).not.toBeNull();
      }),
    ));
});
