import { foldUsername } from '../../domain/user/username.ts';
import { cutPage } from '../kernel/cut-page.ts';
import type {
  AdministeredUser,
  UserAdministrationDirectory,
  UserListKey,
} from './user-administration-directory.ts';

type Dependencies = Readonly<{ users: UserAdministrationDirectory }>;

type Input = Readonly<{
  /** A prefix in any spelling; empty or undefined: all users. */
  query: string | undefined;
  after: UserListKey | undefined;
  limit: number;
}>;

/** A page of users. `next`: the position to continue after; undefined at the end. */
type UserPage = Readonly<{ users: readonly AdministeredUser[]; next: UserListKey | undefined }>;

export type SearchUsers = ReturnType<typeof createSearchUsers>;

/**
 * Lists accounts whose address, username or display name begins with `query`, for administrators;
 * the latest first.
 */
export const createSearchUsers =
  ({ users }: Dependencies) =>
  async ({ query = '', after, limit }: Input): Promise<UserPage> => {
    // Addresses are folded like usernames; display names keep their spelling.
    const identifier = foldUsername(query);
    const displayName = query.normalize('NFC').trim();
    const prefix = displayName === '' ? undefined : { identifier, displayName };
    const found = await users.search({ prefix, after, limit: limit + 1 });
    const { items, last } = cutPage(found, limit);
    return { users: items, next: last && { createdAt: last.createdAt, id: last.id } };
  };
