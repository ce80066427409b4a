/** Counts invitations, exactly and over all processes, and whatever the rate limits are set to. */
export type InvitationAllowance = Readonly<{
  /** @throws ApplicationError `invitation_limit_reached` when the inviter has asked too often today */
  takeForInviter(userId: string): Promise<void>;
  /** Tells whether one more mail may go to this address today. */
  takeForAddress(email: string): Promise<boolean>;
}>;
