import type { HouseholdRole } from '../../domain/household/household-events.ts';
import type { Instant } from '../../domain/instant.ts';
import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import type { UserRole, UserTier } from '../../domain/user/user-events.ts';
import type { UserProfile } from './user-directory.ts';

/** The current values of the claims that an access token makes about its user. */
export type Principal = Readonly<{
  userId: string;
  active: boolean;
  role: UserRole;
  tier: UserTier;
  emailVerified: boolean;
  /** The requested household, else the default household; null for a user who is no member. */
  householdId: string | null;
  householdRole: HouseholdRole | null;
}>;

/** A principal with the fields that a sign-in checks and returns. */
export type Account = Principal &
  Readonly<{ passwordHash: string | null; lockedUntil: Instant | null; profile: UserProfile }>;

/** Reads the current state of accounts, never a stale one. Each method takes one round trip. */
export type AccountDirectory = Readonly<{
  findByIdentifier(identifier: SignInIdentifier): Promise<Account | undefined>;
  /**
   * Finds the user who has an address, or for whom it is reserved while a change can be reverted.
   */
  findAddressHolder(
    email: string,
  ): Promise<Readonly<{ userId: string; locale: string }> | undefined>;
  findById(userId: string): Promise<Account | undefined>;
  /**
   * Finds a user as a member of that household; `householdId` is null for a user who is no member.
   */
  findPrincipal(userId: string, householdId: string): Promise<Principal | undefined>;
  /** Finds the latest pending account with this address. `contested`: there are others. */
  findLatestPending(
    email: string,
  ): Promise<Readonly<{ userId: string; contested: boolean }> | undefined>;
  /** Checks for an active administrator other than `userId`. */
  hasOtherActiveAdmin(userId: string): Promise<boolean>;
}>;
