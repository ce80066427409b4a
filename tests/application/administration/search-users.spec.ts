import { describe, expect, it } from 'vitest';
import { createReadUser } from '../../../src/application/administration/read-user.ts';
import { createSearchUsers } from '../../../src/application/administration/search-users.ts';
import type {
  AdministeredUser,
  UserSearch,
} from '../../../src/application/administration/user-administration-directory.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';

const userNumber = (n: number): AdministeredUser => ({
  id: `user_${n}`,
  email: `person${n}@example.com`,
  emailVerified: true,
  pendingEmail: null,
  username: null,
  displayName: `Person ${n}`,
  role: 'user',
  tier: 'free',
  locale: 'en',
  active: true,
  lockedUntil: null,
  household: null,
  createdAt: `2026-01-01T00:00:0${n}.000Z`,
  updatedAt: '2026-01-02T00:00:00.000Z',
});

const directoryOf = (users: readonly AdministeredUser[]) => {
  const searches: UserSearch[] = [];
  return {
    searches,
    users: {
      findById: async (userId: string) => users.find(({ id }) => id === userId),
      search: async (search: UserSearch) => {
        searches.push(search);
        return users.slice(0, search.limit);
      },
    },
  };
};

describe('when there are more users than fit a page', () => {
  it('answers a full page and where the next one begins', async () => {
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

describe('when the last page is full', () => {
  it('has no next one', async () => {
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

describe('when a search is narrowed', () => {
  it('folds the query as addresses and user names are, but leaves display names their case', async () => {
    const { users, searches } = directoryOf([]);
    const after = { createdAt: '2026-01-01T00:00:00.000Z', id: 'user_1' };

    await createSearchUsers({ users })({ query: ' ＺOE\u0308 ', after, limit: 5 });

    const prefix = { identifier: 'zoë', displayName: 'ＺOË' };
    expect(searches).toStrictEqual([{ prefix, after, limit: 6 }]);
  });

  it.each([undefined, '', ' \t '])('finds everybody by %j', async (query) => {
    const { users, searches } = directoryOf([]);

    await createSearchUsers({ users })({ query, after: undefined, limit: 5 });

    expect(searches).toStrictEqual([{ prefix: undefined, after: undefined, limit: 6 }]);
  });
});

describe('when one account is read', () => {
  it('is that account', async () => {
    const { users } = directoryOf([userNumber(1)]);
    expect(await createReadUser({ users })('user_1')).toStrictEqual(userNumber(1));
  });

  it('refuses an id that nobody has', async () => {
    const { users } = directoryOf([userNumber(1)]);
    await expect(createReadUser({ users })('user_2')).rejects.toStrictEqual(
      new ApplicationError('user_not_found'),
    );
  });
});
