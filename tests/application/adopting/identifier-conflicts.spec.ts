import { describe, expect, it } from 'vitest';
import { createIdentifierConflicts } from '../../../src/application/adopting/identifier-conflicts.ts';
import { createReadOldUser } from '../../../src/application/adopting/old-user.ts';

const read = createReadOldUser({ schemeOf: () => undefined, checksumOf: () => 'sum' });

const person = (id: string, email: string | null, username: string | null) =>
  read(
    {
      id,
      email,
      username,
      password_hash: null,
      display_name: null,
      role: null,
      is_active: null,
      email_verified: 'true',
      created_at: null,
    },
    1,
    '2026-11-21T10:00:00.000Z',
  );

const settled = (people: readonly ReturnType<typeof person>[]) => {
  const conflicts = createIdentifierConflicts();
  for (const { user } of people) conflicts.add(user);
  return {
    conflicts: conflicts.all(),
    accounts: people
      .map(conflicts.settle)
      .map(({ userId, email, username, displayName, emailVerified }) => ({
        userId,
        email,
        username,
        displayName,
        emailVerified,
      })),
  };
};

describe('accounts with one address in two forms', () => {
  it('all lose the address, and are not named by it', () => {
    const { conflicts, accounts } = settled([
      person('1', 'Dora@example.org', 'dora2'),
      person('2', 'eva@example.org', null),
      person('3', 'dora@EXAMPLE.org', null),
    ]);
    expect(conflicts).toStrictEqual([{ kind: 'email', userIds: ['1', '3'] }]);
    const lost = { email: null, emailVerified: false };
    expect(accounts).toStrictEqual([
      { userId: '1', username: 'dora2', displayName: 'dora2', ...lost },
      {
        userId: '2',
        email: 'eva@example.org',
        emailVerified: true,
        username: null,
        displayName: 'eva',
      },
      { userId: '3', username: null, displayName: '3', ...lost },
    ]);
  });
});

describe('accounts with one username in two forms', () => {
  it('lose the username and keep their addresses', () => {
    const { conflicts, accounts } = settled([
      person('1', 'a@example.org', 'Sam'),
      person('2', 'b@example.org', 'sam'),
      person('3', 'c@example.org', 'SAM'),
    ]);
    expect(conflicts).toStrictEqual([{ kind: 'username', userIds: ['1', '2', '3'] }]);
    expect(accounts.map(({ email, username }) => ({ email, username }))).toStrictEqual([
      { email: 'a@example.org', username: null },
      { email: 'b@example.org', username: null },
      { email: 'c@example.org', username: null },
    ]);
  });
});
