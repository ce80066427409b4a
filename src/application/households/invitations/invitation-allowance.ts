/** Limits invitations per day, exactly and over all processes; independent of the rate limits. */
export type InvitationAllowance = Readonly<{
  /** Counts an invitation by the user. @throws ApplicationError `invitation_limit_reached` */
  takeForInviter(userId: string): Promise<void>;
  /** Counts a mail to the address. @returns false when the address has reached its limit today */
  takeForAddress(email: string): Promise<boolean>;
}>;
