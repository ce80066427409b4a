import { describe, expect, it } from 'vitest';
import type { CurrentUser } from '../../../src/application/adopting/adoptable-database.ts';
import { driftOfUser } from '../../../src/application/adopting/drift-of-user.ts';
import type { ImportableUser } from '../../../src/application/importing/parse-import-line.ts';

const old: ImportableUser = {
  line: 1,
  userId: '7',
  givenId: '7',
  checksum: 'sum',
  email: 'ann@example.com',
  emailVerified: false,
  username: 'ann',
  displayName: 'Ann',
  passwordHash: 'old',
  role: 'user',
  tier: 'free',
  locale: 'en',
  active: true,
  householdName: 'Home',
  createdAt: null,
};
const current: CurrentUser = {
  id: '7',
  email: 'ann@example.com',
  username: 'ann',
  displayName: 'Ann',
  role: 'user',
  active: true,
  checksum: 'sum',
  passwordChanged: false,
};

describe('an account that agrees with its old row', () => {
  it('has no drift', () => {
    expect(driftOfUser(old, current)).toBeUndefined();
  });
});

describe('an account that was changed since the adoption', () => {
  it.each([
    [{ email: 'other@example.com' }, 'email'],
    [{ username: null }, 'username'],
    [{ displayName: 'Anna' }, 'display_name'],
    [{ role: 'admin' }, 'role'],
    [{ active: false }, 'is_active'],
    [{ passwordChanged: true }, 'password_hash'],
  ])('is reported by the names of the changed columns: %j', (change, column) => {
    expect(driftOfUser(old, { ...current, ...change })).toStrictEqual({
      userId: '7',
      kind: 'changed_here',
      columns: [column],
    });
  });
});

describe('an old row that was changed since the adoption', () => {
  it('is reported even if it agrees with the account', () => {
    expect(driftOfUser({ ...old, checksum: 'other' }, current)).toStrictEqual({
      userId: '7',
      kind: 'old_row_changed',
      columns: [],
    });
    const renamed = { ...old, checksum: 'other', username: 'anna' };
    expect(driftOfUser(renamed, current)?.columns).toStrictEqual(['username']);
  });
});

describe('an old row without an account', () => {
  it.each([undefined, { ...current, checksum: null }])(
    'is reported as not in the log: %j',
    (found) => {
      expect(driftOfUser(old, found)).toStrictEqual({
        userId: '7',
        kind: 'not_in_log',
        columns: [],
      });
    },
  );
});
