import type { Instant } from '../../domain/instant.ts';
import type { UserProfile } from '../identity/user-directory.ts';

/** An account as administrators see it, without its password hash. */
export type AdministeredUser = UserProfile &
  Readonly<{
    /** The unverified address of a registration or a guest upgrade. */
    pendingEmail: string | null;
    /** The end of the lock; the account is not locked if it lies in the past. */
    lockedUntil: Instant | null;
    updatedAt: Instant;
  }>;

/** A position in the list of users: its sort key. */
export type UserListKey = Pick<AdministeredUser, 'createdAt' | 'id'>;

/** A page of a search. */
export type UserSearch = Readonly<{
  /**
   * The prefix of an identifier or of a display name, folded like its column; undefined: all users.
   */
  prefix: Readonly<{ identifier: string; displayName: string }> | undefined;
  /** The position of the previous page's last user. */
  after: UserListKey | undefined;
  limit: number;
}>;

/** Reads accounts for administrators. */
export type UserAdministrationDirectory = Readonly<{
  findById(userId: string): Promise<AdministeredUser | undefined>;
  /** Searches addresses, verified or not, usernames and display names; the latest account first. */
  search(search: UserSearch): Promise<readonly AdministeredUser[]>;
}>;
