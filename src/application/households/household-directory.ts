import type { HouseholdRole } from '../../domain/household/household-events.ts';
import type { Instant } from '../../domain/instant.ts';

/** A household as one of its members sees it. */
export type HouseholdSummary = Readonly<{
  id: string;
  name: string;
  /** The role of the reading member. */
  role: HouseholdRole;
  memberCount: number;
  createdAt: Instant;
}>;

/** A member of a household as other members see it. */
export type MemberSummary = Readonly<{
  userId: string;
  displayName: string | null;
  username: string | null;
  role: HouseholdRole;
  joinedAt: Instant;
}>;

/** A position in the list of members: its sort key. */
export type MemberPlace = Readonly<{ joinedAt: Instant; userId: string }>;

/** Reads households and memberships; never stale with the log in the same database. */
export type HouseholdDirectory = Readonly<{
  /** Lists the user's households in the order of joining. */
  listOf(userId: string): Promise<readonly HouseholdSummary[]>;
  /** Finds a household; undefined for a user who is no member. */
  find(householdId: string, userId: string): Promise<HouseholdSummary | undefined>;
  /** Lists members in the order of joining. */
  listMembers(
    householdId: string,
    page: Readonly<{ after: MemberPlace | undefined; limit: number }>,
  ): Promise<readonly MemberSummary[]>;
  /** Finds a user's default household, else that of the oldest membership; never `except`. */
  defaultOf(userId: string, except: string): Promise<string | null>;
}>;
