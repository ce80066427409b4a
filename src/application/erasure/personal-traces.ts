/** What is kept of a person beside the log and the tables that follow it. */
export type PersonalTraces = Readonly<{
  /** Whether a table of the application would not let the user go. */
  isHeld(userId: string): Promise<boolean>;
  /** Removes what was kept to send mails to these addresses. */
  forget(addresses: readonly string[]): Promise<void>;
}>;
