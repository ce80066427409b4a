import type { Instant } from '../../domain/instant.ts';

/** One live sign-in as its user sees it. `id` is the token family. */
export type SessionSummary = Readonly<{
  id: string;
  deviceName: string | null;
  ip: string | null;
  userAgent: string | null;
  createdAt: Instant;
  lastUsedAt: Instant;
  expiresAt: Instant;
}>;

export type SessionDirectory = Readonly<{
  /** Live sessions, most recently used first. */
  listLive(userId: string, now: Instant): Promise<readonly SessionSummary[]>;
  /** Lists the ids of every family of the user that is not revoked, expired ones included. */
  unrevokedFamilyIds(userId: string): Promise<readonly string[]>;
  /** Lists the unrevoked families that act for the household; of one user, or of all. */
  listActiveIn(
    householdId: string,
    userId: string | undefined,
  ): Promise<readonly Readonly<{ familyId: string; userId: string }>[]>;
  /** Finds the user of a family; undefined when it does not exist. */
  ownerOf(familyId: string): Promise<string | undefined>;
}>;
