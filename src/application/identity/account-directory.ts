import type { HouseholdRole } from '../../domain/household/household-events.ts';
import type { Instant } from '../../domain/instant.ts';
import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import type { UserRole, UserTier } from '../../domain/user/user-events.ts';
import type { UserProfile } from './user-directory.ts';

/** The user behind an access token, as of now. */
export type Principal = Readonly<{
  userId: string;
  active: boolean;
  role: UserRole;
  tier: UserTier;
  emailVerified: boolean;
  /** The household asked for, or the one a sign-in starts in; null when not (or no longer) a member. */
  householdId: string | null;
  householdRole: HouseholdRole | null;
}>;

/** A principal with what a sign-in checks and answers. */
export type Account = Principal &
  Readonly<{ passwordHash: string | null; lockedUntil: Instant | null; profile: UserProfile }>;

/** The live state of accounts: never stale, whatever the event store. One round trip each. */
export type AccountDirectory = Readonly<{
  findByIdentifier(identifier: SignInIdentifier): Promise<Account | undefined>;
  /**
   * Finds the account that holds an address, or may still undo a change of it: no other account can
   * get it.
   */
  findAddressHolder(
    email: string,
  ): Promise<Readonly<{ userId: string; locale: string }> | undefined>;
  findById(userId: string): Promise<Account | undefined>;
  /**
   * Finds a user as a member of that household; `householdId` is null for a user who is not a
   * member.
   */
  findPrincipal(userId: string, householdId: string): Promise<Principal | undefined>;
  /** Finds the youngest account that waits for this address; `contested`: others wait as well. */
  findLatestPending(
    email: string,
  ): Promise<Readonly<{ userId: string; contested: boolean }> | undefined>;
  /** Tells whether an active administrator remains besides `userId`. */
  hasOtherActiveAdmin(userId: string): Promise<boolean>;
}>;
