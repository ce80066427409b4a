import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { createCommonPasswords } from '../../../src/adapters/hashing/common-passwords.ts';

const entries: unknown = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@zxcvbn-ts/language-common/src/passwords.json'),
    'utf8',
  ),
);

const blocklist = createCommonPasswords();

describe('a common password', () => {
  it.each(['password', '12345678', 'password123', 'trustno1', 'qwertyuiop'])(
    'is found: %s',
    (text) => expect(blocklist.holds(text)).toBe(true),
  );

  it.each(['PASSWORD', 'PassWord123', 'TrustNo1'])('is found in any case: %s', (text) =>
    expect(blocklist.holds(text)).toBe(true),
  );

  it.each(['ｐａｓｓｗｏｒｄ', '①②③④⑤⑥⑦⑧', 'ﬀﬀﬀﬀ'.replaceAll('ﬀ', '11')])(
    'is found in equivalent characters: %s',
    (text) => expect(blocklist.holds(text)).toBe(true),
  );

  it('is found anywhere in the list', () => {
    expect.assert(Array.isArray(entries));
    expect(entries).toHaveLength(49_233);
    // Every fiftieth entry, since each needs a search of the whole list.
    const some = entries.filter((_, index) => index % 50 === 0 || index === entries.length - 1);
    expect(some.filter((entry) => !blocklist.holds(entry))).toStrictEqual([]);
  });
});

describe('any other password', () => {
  it.each([
    'correct horse battery staple',
    'passwordandmore',
    'asswor',
    ' password',
    'password","12345678',
    '"password"',
    'password\\',
    '","',
    '[',
    '',
    '\0',
    '\ud800',
  ])('is not found: %j', (text) => expect(blocklist.holds(text)).toBe(false));
});
