/** What is kept of a person beside the log and the tables that follow it. */
export type PersonalTraces = Readonly<{
  /** Tables of the application whose rows name the user and would not let the user go. */
  holders(userId: string): Promise<readonly string[]>;
  /** Removes what was kept to send mails to these addresses. */
  forget(addresses: readonly string[]): Promise<void>;
}>;
