import type { GrantableRole } from '../../domain/household/household-events.ts';
import type { Instant } from '../../domain/instant.ts';

/** An open invitation as the household's admins see it. */
export type InvitationSummary = Readonly<{
  id: string;
  /** Null when the address is no longer stored. */
  email: string | null;
  role: GrantableRole;
  invitedBy: string;
  createdAt: Instant;
  expiresAt: Instant;
}>;

/** The household of an invitation. Only the household's stream decides whether it is still open. */
export type InvitationPlace = Readonly<{ invitationId: string; householdId: string }>;

export type InvitationDirectory = Readonly<{
  findByToken(tokenHash: string): Promise<InvitationPlace | undefined>;
  /** The latest first. */
  listOpen(householdId: string, now: Instant): Promise<readonly InvitationSummary[]>;
}>;

/** Stores the addresses of invitations beside the log, only while the invitations are open. */
export type InvitationAddresses = Readonly<{
  /** Call it before the invitation is stored: one without an address could not be sent. */
  remember(invitationId: string, email: string): Promise<void>;
  find(invitationId: string): Promise<string | undefined>;
  forget(invitationIds: readonly string[]): Promise<void>;
}>;
