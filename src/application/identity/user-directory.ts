import type { HouseholdRole } from '../../domain/household/household-events.ts';
import type { Instant } from '../../domain/instant.ts';
import type { UserRole, UserTier } from '../../domain/user/user-events.ts';

/** An account as its user sees it. `household`: the default household. */
export type UserProfile = Readonly<{
  id: string;
  email: string | null;
  emailVerified: boolean;
  username: string | null;
  displayName: string | null;
  role: UserRole;
  tier: UserTier;
  /** A language tag (RFC 5646). */
  locale: string;
  active: boolean;
  household: Readonly<{ id: string; name: string; role: HouseholdRole }> | null;
  createdAt: Instant;
}>;

/** Reads the profiles of users. */
export type UserDirectory = Readonly<{
  findProfile(userId: string): Promise<UserProfile | undefined>;
  /** Checks that no account exists. */
  isEmpty(): Promise<boolean>;
}>;
