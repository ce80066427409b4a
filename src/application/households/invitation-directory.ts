import type { GrantableRole } from '../../domain/household/household-events.ts';
import type { Instant } from '../../domain/instant.ts';

/** An open invitation as the household's admins see it. */
export type InvitationSummary = Readonly<{
  id: string;
  /** Null when the address has been deleted. */
  email: string | null;
  role: GrantableRole;
  invitedBy: string;
  createdAt: Instant;
  expiresAt: Instant;
}>;

/** An invitation and its household. It may be closed or expired: the household's stream decides. */
export type InvitationPlace = Readonly<{ invitationId: string; householdId: string }>;

/** Finds invitations. */
export type InvitationDirectory = Readonly<{
  findByToken(tokenHash: string): Promise<InvitationPlace | undefined>;
  /** Lists the open invitations of a household, the latest first. */
  listOpen(householdId: string, now: Instant): Promise<readonly InvitationSummary[]>;
}>;

/** The addresses of open invitations, stored outside the log and deleted when they close. */
export type InvitationAddresses = Readonly<{
  /**
   * Stores an address. Call it before the invitation is stored, or its mail may find no address.
   */
  remember(invitationId: string, email: string): Promise<void>;
  find(invitationId: string): Promise<string | undefined>;
  forget(invitationIds: readonly string[]): Promise<void>;
}>;
