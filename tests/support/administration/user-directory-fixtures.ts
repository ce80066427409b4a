import type {
  AdministeredUser,
  UserSearch,
} from '../../../src/application/administration/user-administration-directory.ts';

/** The `n`-th of several users, as administrators see it. */
export const userNumber = (n: number): AdministeredUser => ({
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

/** A directory of these users that records searches and does not filter. */
export const directoryOf = (users: readonly AdministeredUser[]) => {
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
