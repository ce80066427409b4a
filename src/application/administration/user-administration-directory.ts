import type { Instant } from '../../domain/instant.ts';
import type { UserProfile } from '../identity/user-directory.ts';

/** An account as administrators see it: never its password hash. */
export type AdministeredUser = UserProfile &
  Readonly<{
    /** The address of a sign-up that is not verified yet. */
    pendingEmail: string | null;
    /** The end of the lock; in the past: the account is not locked. */
    lockedUntil: Instant | null;
    updatedAt: Instant;
  }>;

/** A place in the list of users: what its order goes by. */
export type UserListKey = Pick<AdministeredUser, 'createdAt' | 'id'>;

export type UserSearch = Readonly<{
  /**
   * The beginning of one of the account's texts, folded like its column; undefined: all accounts.
   */
  prefix: Readonly<{ identifier: string; displayName: string }> | undefined;
  /** The last one that was seen. */
  after: UserListKey | undefined;
  limit: number;
}>;

export type UserAdministrationDirectory = Readonly<{
  findById(userId: string): Promise<AdministeredUser | undefined>;
  /**
   * Searches by e-mail address, verified or not, username or display name; the youngest account
   * first.
   */
  search(search: UserSearch): Promise<readonly AdministeredUser[]>;
}>;
