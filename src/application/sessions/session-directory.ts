import type { Instant } from '../../domain/instant.ts';

/** A live session as its user sees it. `id` is the id of its token family. */
export type SessionSummary = Readonly<{
  id: string;
  deviceName: string | null;
  ip: string | null;
  userAgent: string | null;
  createdAt: Instant;
  lastUsedAt: Instant;
  expiresAt: Instant;
}>;

/** Finds the sessions of users. */
export type SessionDirectory = Readonly<{
  /** Lists live sessions, the most recently used first. */
  listLive(userId: string, now: Instant): Promise<readonly SessionSummary[]>;
  /** Lists the ids of the user's families that are not revoked, expired ones included. */
  unrevokedFamilyIds(userId: string): Promise<readonly string[]>;
  /** Lists the unrevoked families that act for the household; of one user, or of all users. */
  listActiveIn(
    householdId: string,
    userId: string | undefined,
  ): Promise<readonly Readonly<{ familyId: string; userId: string }>[]>;
  /** Returns the id of a family's user; undefined for an unknown family. */
  ownerOf(familyId: string): Promise<string | undefined>;
}>;
