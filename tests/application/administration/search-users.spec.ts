import { describe, expect, it } from 'vitest';
import { createSearchUsers } from '../../../src/application/administration/search-users.ts';
import { directoryOf, userNumber } from '../../support/administration/user-directory-fixtures.ts';

describe('searching users when more match than fit a page', () => {
  it('answers a full page and the key that the next page begins after', async () => {
    const [first, second, third] = [userNumber(3), userNumber(2), userNumber(1)];
    const { users } = directoryOf([first, second, third]);

    const page = await createSearchUsers({ users })({
      query: undefined,
      after: undefined,
      limit: 2,
    });

    expect(page).toStrictEqual({
      users: [first, second],
      next: { createdAt: second.createdAt, id: second.id },
    });
  });
});

describe('searching users when the last page is full', () => {
  it('answers no key of a next page', async () => {
    const all = [userNumber(2), userNumber(1)];
    const { users } = directoryOf(all);

    const page = await createSearchUsers({ users })({
      query: undefined,
      after: undefined,
      limit: 2,
    });

    expect(page).toStrictEqual({ users: all, next: undefined });
  });
});

describe('searching users by a query', () => {
  it('folds the case of the query for addresses and usernames, but not for display names', async () => {
    const { users, searches } = directoryOf([]);
    const after = { createdAt: '2026-01-01T00:00:00.000Z', id: 'user_1' };

    await createSearchUsers({ users })({ query: ' ＺOE\u0308 ', after, limit: 5 });

    const prefix = { identifier: 'zoë', displayName: 'ＺOË' };
    expect(searches).toStrictEqual([{ prefix, after, limit: 6 }]);
  });

  it.each([undefined, '', ' \t '])('asks for every user by the blank query %j', async (query) => {
    const { users, searches } = directoryOf([]);

    await createSearchUsers({ users })({ query, after: undefined, limit: 5 });

    expect(searches).toStrictEqual([{ prefix: undefined, after: undefined, limit: 6 }]);
  });
});
