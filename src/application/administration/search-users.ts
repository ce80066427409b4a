import { foldUsername } from '../../domain/user/username.ts';
import { cutPage } from '../kernel/cut-page.ts';
import type {
  AdministeredUser,
  UserAdministrationDirectory,
  UserListKey,
} from './user-administration-directory.ts';

type Dependencies = Readonly<{ users: UserAdministrationDirectory }>;

type Input = Readonly<{
  /** The text to search for, in any spelling; empty or undefined: all accounts. */
  query: string | undefined;
  after: UserListKey | undefined;
  limit: number;
}>;

/** `next`: what to go on after; undefined at the end. */
type UserPage = Readonly<{ users: readonly AdministeredUser[]; next: UserListKey | undefined }>;

export type SearchUsers = ReturnType<typeof createSearchUsers>;

/** Accounts of which something begins with `query`, for administrators; the youngest first. */
export const createSearchUsers =
  ({ users }: Dependencies) =>
  async ({ query = '', after, limit }: Input): Promise<UserPage> => {
    // Addresses are folded the way user names are; display names keep their spelling.
    const identifier = foldUsername(query);
    const displayName = query.normalize('NFC').trim();
    const prefix = displayName === '' ? undefined : { identifier, displayName };
    const found = await users.search({ prefix, after, limit: limit + 1 });
    const { items, last } = cutPage(found, limit);
    return { users: items, next: last && { createdAt: last.createdAt, id: last.id } };
  };
