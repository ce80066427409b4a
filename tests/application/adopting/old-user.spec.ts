import { describe, expect, it } from 'vitest';
import { createReadOldUser, type OldUser } from '../../../src/application/adopting/old-user.ts';

const NOW = '2026-11-21T10:00:00.000Z';

const read = createReadOldUser({
  schemeOf: (hash) => (hash.startsWith('$2b$') ? 'bcrypt' : undefined),
  checksumOf: (canonical) => `sum of ${canonical}`,
});

const empty: OldUser = {
  id: '7',
  email: null,
  username: null,
  password_hash: null,
  display_name: null,
  role: null,
  is_active: null,
  email_verified: null,
  created_at: null,
};

const account = (row: Partial<OldUser>) => {
  const { user, notes } = read({ ...empty, ...row }, 3, NOW);
  return { user, notes };
};

describe('an old row with an id only', () => {
  it('becomes an account named by its id, without a way to sign in', () => {
    const { user, notes } = account({});
    expect(notes).toStrictEqual([]);
    expect(user).toStrictEqual({
      line: 3,
      userId: '7',
      givenId: '7',
      checksum: `sum of ${JSON.stringify(Object.entries(empty).sort(([a], [b]) => (a < b ? -1 : 1)))}`,
      email: null,
      emailVerified: false,
      username: null,
      displayName: '7',
      passwordHash: null,
      role: 'user',
      tier: 'free',
      locale: 'en',
      active: true,
      householdName: 'Home',
      createdAt: NOW,
    });
  });
});

describe('an old row with an address and a username', () => {
  it('keeps both in their normal form, and is named by the address', () => {
    const { user } = account({ email: ' Ann@Example.COM ', username: 'AnnB' });
    expect(user).toMatchObject({
      email: 'ann@example.com',
      username: 'annb',
      displayName: 'ann',
      emailVerified: false,
    });
  });

  it('is named by its display name if it has one, otherwise by the username as written', () => {
    const named = account({ email: 'ann@example.com', display_name: ' Ann B. ' });
    expect(named.user.displayName).toBe('Ann B.');
    expect(account({ username: 'Carl.K' }).user.displayName).toBe('Carl.K');
    const unfit = account({ username: 'Carl.K', display_name: 'a\tb' });
    expect(unfit.user.displayName).toBe('Carl.K');
  });

  it('keeps usernames that are too short for new accounts', () => {
    expect(account({ username: 'a b' }).user.username).toBe('a b');
    expect(account({ username: 'x' }).user.username).toBe('x');
  });

  it('uses an address in the column of the username as its address', () => {
    const { user, notes } = account({ username: 'Ann@example.com' });
    expect(user).toMatchObject({ email: 'ann@example.com', username: null });
    expect(notes).toStrictEqual([]);
  });

  it('is adopted without an invalid address or username, and notes it', () => {
    const { user, notes } = account({ email: 'no address', username: 'a@b@c' });
    expect(user).toMatchObject({ email: null, username: null });
    expect(notes).toStrictEqual(['email_unusable', 'username_unusable']);
  });
});

describe('the password of an old row', () => {
  it('is kept if its scheme is known', () => {
    expect(account({ password_hash: '$2b$12$x' })).toMatchObject({
      user: { passwordHash: '$2b$12$x' },
      notes: [],
    });
  });

  it.each([null, '', ' '])('is missing if the old one is empty: %j', (hash) => {
    expect(account({ password_hash: hash })).toMatchObject({
      user: { passwordHash: null },
      notes: [],
    });
  });

  it('is missing if the scheme of its hash is unknown', () => {
    expect(account({ password_hash: 'secret' })).toMatchObject({
      user: { passwordHash: null },
      notes: ['password_hash_unreadable'],
    });
  });
});

describe('the account status of an old row', () => {
  it.each([
    ['true', 'admin'],
    ['admin', 'admin'],
    ['Administrator', 'admin'],
    ['false', 'user'],
    ['editor', 'user'],
    ['2', 'user'],
  ])('with the role %s is that of %s', (old, role) => {
    expect(account({ role: old }).user.role).toBe(role);
  });

  it.each([
    ['false', false],
    ['0', false],
    ['true', true],
    [null, true],
  ])('with is_active %s is active: %s', (old, active) => {
    expect(account({ is_active: old }).user.active).toBe(active);
  });

  it.each([
    ['2026-01-01T00:00:00.000000Z', true],
    ['true', true],
    ['false', false],
    [null, false],
  ])('with email_verified %s has a verified address: %s', (old, verified) => {
    const { user } = account({ email: 'ann@example.com', email_verified: old });
    expect(user.emailVerified).toBe(verified);
  });

  it('has a verified address only with an address', () => {
    expect(account({ email_verified: 'true' }).user.emailVerified).toBe(false);
  });
});

describe('the creation time of an old row', () => {
  it.each([
    ['2024-02-03T04:05:06.123456Z', '2024-02-03T04:05:06.123Z'],
    ['1901-01-01T00:00:00.000000Z', NOW],
    ['2999-01-01T00:00:00.000000Z', NOW],
    ['', NOW],
  ])('with created_at %j is %s', (old, createdAt) => {
    expect(account({ created_at: old }).user.createdAt).toBe(createdAt);
  });
});
