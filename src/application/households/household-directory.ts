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

/** The end of a page of members: the sort keys of its last row. */
export type MemberPlace = Readonly<{ joinedAt: Instant; userId: string }>;

/** Reads households from the tables, which are never behind the log in the same database. */
export type HouseholdDirectory = Readonly<{
  /** Lists the households of a user, ordered by when they joined. */
  listOf(userId: string): Promise<readonly HouseholdSummary[]>;
  /** Finds a household as its member sees it; undefined for other users. */
  find(householdId: string, userId: string): Promise<HouseholdSummary | undefined>;
  /** Lists members, ordered by when they joined. */
  listMembers(
    householdId: string,
    page: Readonly<{ after: MemberPlace | undefined; limit: number }>,
  ): Promise<readonly MemberSummary[]>;
  /**
   * Finds the household that a sign-in starts in: the default one, else the oldest membership;
   * never `except`.
   */
  defaultOf(userId: string, except: string): Promise<string | null>;
}>;
