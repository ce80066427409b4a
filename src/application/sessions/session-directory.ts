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
  /** Ids of every family of the user that nobody revoked, expired ones included. */
  unrevokedFamilyIds(userId: string): Promise<readonly string[]>;
  /** Families that act for the household and nobody revoked; of one user, or of everybody. */
  listActiveIn(
    householdId: string,
    userId: string | undefined,
  ): Promise<readonly Readonly<{ familyId: string; userId: string }>[]>;
  /** Whose family this is; undefined when it does not exist. */
  ownerOf(familyId: string): Promise<string | undefined>;
}>;
