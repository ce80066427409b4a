import type { HouseholdRole } from '../../domain/household/household-events.ts';
import type { Instant } from '../../domain/instant.ts';

/** A household as one of its members sees it. */
export type HouseholdSummary = Readonly<{
  id: string;
  name: string;
  /** The viewer's own role. */
  role: HouseholdRole;
  memberCount: number;
  createdAt: Instant;
}>;

export type MemberSummary = Readonly<{
  userId: string;
  displayName: string | null;
  username: string | null;
  role: HouseholdRole;
  joinedAt: Instant;
}>;

/** Where a page of members ends: sort keys of its last row. */
export type MemberPlace = Readonly<{ joinedAt: Instant; userId: string }>;

/** What there is to see of households: never stale with the log in the same database. */
export type HouseholdDirectory = Readonly<{
  /** Those the user is a member of, in the order of joining. */
  listOf(userId: string): Promise<readonly HouseholdSummary[]>;
  /** Undefined for whoever is not a member. */
  find(householdId: string, userId: string): Promise<HouseholdSummary | undefined>;
  /** In the order of joining. */
  listMembers(
    householdId: string,
    page: Readonly<{ after: MemberPlace | undefined; limit: number }>,
  ): Promise<readonly MemberSummary[]>;
  /** Where a user comes home to: the home, else the membership that is oldest; never `except`. */
  defaultOf(userId: string, except: string): Promise<string | null>;
}>;
