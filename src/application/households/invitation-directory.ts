import type { GrantableRole } from '../../domain/household/household-events.ts';
import type { Instant } from '../../domain/instant.ts';

/** An open invitation as the household's admins see it. */
export type InvitationSummary = Readonly<{
  id: string;
  /** Null when the address is not known any more. */
  email: string | null;
  role: GrantableRole;
  invitedBy: string;
  createdAt: Instant;
  expiresAt: Instant;
}>;

/** Where an invitation belongs. Whether it is still good, the household's stream decides. */
export type InvitationPlace = Readonly<{ invitationId: string; householdId: string }>;

export type InvitationDirectory = Readonly<{
  findByToken(tokenHash: string): Promise<InvitationPlace | undefined>;
  /** The latest first. */
  listOpen(householdId: string, now: Instant): Promise<readonly InvitationSummary[]>;
}>;

/** Whom invitations go to: kept beside the log, and only as long as they are open. */
export type InvitationAddresses = Readonly<{
  /** Before the invitation is stored: one without an address could never be sent. */
  remember(invitationId: string, email: string): Promise<void>;
  find(invitationId: string): Promise<string | undefined>;
  forget(invitationIds: readonly string[]): Promise<void>;
}>;
