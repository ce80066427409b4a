import type { HouseholdRole } from '../../domain/household/household-events.ts';
import type { Instant } from '../../domain/instant.ts';
import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import type { UserRole, UserTier } from '../../domain/user/user-events.ts';
import type { UserProfile } from './user-directory.ts';

/** What an access token says of its user, as of now. */
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
  /** Who has an address, or had it and may take it back: nobody else can get it. */
  findAddressHolder(
    email: string,
  ): Promise<Readonly<{ userId: string; locale: string }> | undefined>;
  findById(userId: string): Promise<Account | undefined>;
  /** A user as a member of that household; `householdId` null for whoever is not (any more). */
  findPrincipal(userId: string, householdId: string): Promise<Principal | undefined>;
  /** The youngest account that waits for a proof of this address; `contested`: others wait as well. */
  findLatestPending(
    email: string,
  ): Promise<Readonly<{ userId: string; contested: boolean }> | undefined>;
  /** Whether an active administrator is left besides `userId`. */
  hasOtherActiveAdmin(userId: string): Promise<boolean>;
}>;
