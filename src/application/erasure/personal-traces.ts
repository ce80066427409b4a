/** The data of a person beside the log and its projected tables. */
export type PersonalTraces = Readonly<{
  /** Tells whether a table of the application refers to the user and prevents the erasure. */
  isHeld(userId: string): Promise<boolean>;
  /** Removes what was kept to send mails to these addresses. */
  forget(addresses: readonly string[]): Promise<void>;
}>;
