import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  UserAdministrationDirectory,
  UserListKey,
} from '../../../../src/application/administration/user-administration-directory.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { newAccount } from '../../../support/identity/new-account.ts';
import {
  type ComposedSystem,
  composeSystem,
  visitor,
} from '../../../support/servers/composed-system.ts';

let system: ComposedSystem;
let users: UserAdministrationDirectory;

beforeAll(async () => {
  system = await composeSystem();
  users = system.get(tokens.administeredUsers);
});
afterAll(() => system?.close());

const register = async () => {
  const { input, emailAddress, username } = newAccount();
  const { userId, householdId, createdAt } = await system.get(tokens.createAccount)(
    input,
    'unverified',
    visitor,
  );
  return {
    id: userId,
    email: emailAddress,
    emailVerified: false,
    pendingEmail: null,
    username,
    displayName: 'Ann',
    role: 'user',
    tier: 'free',
    locale: 'en',
    active: true,
    lockedUntil: null,
    household: { id: householdId, name: 'The Smiths', role: 'owner' },
    createdAt,
    updatedAt: createdAt,
  };
};

const search = async (text: string | undefined, after?: UserListKey, limit = 10) => {
  const prefix = text === undefined ? undefined : { identifier: text, displayName: text };
  return (await users.search({ prefix, after, limit })).map(({ id }) => id);
};

const plant = (id: string, createdAt: string, texts: Readonly<Record<string, string>> = {}) =>
  system.sql(
    `INSERT INTO users (id, email, username, display_name, pending_email, role, tier, is_active,
        created_at, updated_at)
      VALUES ($1, $2, $3, $4, $5, 'user', 'free', true, $6, $6)`,
    id,
    texts.email ?? null,
    texts.username ?? null,
    texts.displayName ?? null,
    texts.pendingEmail ?? null,
    createdAt,
  );

describe('an account', () => {
  it('is found by its id, and by the beginning of its address', async () => {
    const user = await register();

    expect(await users.findById(user.id)).toStrictEqual(user);
    const prefix = { identifier: user.email, displayName: user.email };
    expect(await users.search({ prefix, after: undefined, limit: 5 })).toStrictEqual([user]);
  });

  it('shows later changes', async () => {
    const somebody = await register();
    await system.sql(
      `UPDATE users SET locked_until = '2030-01-01', updated_at = '2029-01-01', is_active = false,
        pending_email = 'new@example.com' WHERE id = $1`,
      somebody.id,
    );

    expect(await users.findById(somebody.id)).toStrictEqual({
      ...somebody,
      active: false,
      pendingEmail: 'new@example.com',
      lockedUntil: '2030-01-01T00:00:00.000Z',
      updatedAt: '2029-01-01T00:00:00.000Z',
    });
  });

  it.each(['', 'user_unknown', '\0', 'user_\0', 'x'.repeat(100_000), '\ud800', "'"])(
    'is not found by another id: %j',
    async (id) => {
      expect(await users.findById(id)).toBeUndefined();
    },
  );
});

describe('accounts of many ages', () => {
  beforeAll(async () => {
    await plant('age-1', '2001-01-01T00:00:00.001Z', { username: 'age-old' });
    await plant('age-3', '2001-01-01T00:00:00.002Z', { username: 'age-tied' });
    await plant('age-2', '2001-01-01T00:00:00.002Z', { username: 'age-other-tied' });
    await plant('age-0', '2001-01-01T00:00:00.003Z', { username: 'age-young' });
  });

  it('are listed newest first, and by id among those of the same time', async () => {
    expect(await search('age-')).toStrictEqual(['age-0', 'age-3', 'age-2', 'age-1']);
  });

  it('are listed page by page from any of them', async () => {
    const tied = { createdAt: '2001-01-01T00:00:00.002Z', id: 'age-3' };
    expect(await search('age-', tied)).toStrictEqual(['age-2', 'age-1']);
    expect(await search('age-', tied, 1)).toStrictEqual(['age-2']);
    expect(await search(undefined, tied)).toStrictEqual(['age-2', 'age-1']);
  });
});

describe('when accounts are searched', () => {
  beforeAll(async () => {
    const at = '2002-01-01T00:00:00.000Z';
    await plant('text-email', at, { email: 'pre%fix@example.com' });
    await plant('text-username', at, { username: 'pre%fixed' });
    await plant('text-name', at, { displayName: 'PRE%FIX' });
    await plant('text-pending', at, { pendingEmail: 'pre%fix@example.org' });
    await plant('text-other', at, { username: 'pre-fix', displayName: 'A pre%fix' });
  });

  it('each text is found by its beginning', async () => {
    expect((await search('pre%fix')).sort()).toStrictEqual([
      'text-email',
      'text-name',
      'text-pending',
      'text-username',
    ]);
  });

  it('only display names are compared case-insensitively', async () => {
    expect(await search('Pre%Fix')).toStrictEqual(['text-name']);
  });

  it.each(['%', '_', 'pre_fix', '%fix', '\\', 'pre\\%', '\\%', "pre'"])(
    'wildcards are taken literally: %s',
    async (text) => {
      expect(await search(text)).toStrictEqual([]);
    },
  );
});
