import type { Instant } from '../../domain/instant.ts';
import type { UserProfile } from '../identity/user-directory.ts';

/** An account as administrators see it: never its password hash. */
export type AdministeredUser = UserProfile &
  Readonly<{
    /** What somebody signed up with and did not prove yet. */
    pendingEmail: string | null;
    /** In the past: the lock is over. */
    lockedUntil: Instant | null;
    updatedAt: Instant;
  }>;

/** A place in the list of users: what its order goes by. */
export type UserListKey = Pick<AdministeredUser, 'createdAt' | 'id'>;

export type UserSearch = Readonly<{
  /** How one of the account's texts begins, each as its column is folded; undefined: everybody. */
  prefix: Readonly<{ identifier: string; displayName: string }> | undefined;
  /** The last one that was seen. */
  after: UserListKey | undefined;
  limit: number;
}>;

export type UserAdministrationDirectory = Readonly<{
  findById(userId: string): Promise<AdministeredUser | undefined>;
  /** By e-mail address, proven or not, username or display name; the youngest account first. */
  search(search: UserSearch): Promise<readonly AdministeredUser[]>;
}>;
