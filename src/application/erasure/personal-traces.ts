/** The data of a person beside the log and its projected tables. */
export type PersonalTraces = Readonly<{
  /** Whether a table of the application would not let the user go. */
  isReferenced(userId: string): Promise<boolean>;
  /** Removes what was kept to send mails to these addresses. */
  forget(addresses: readonly string[]): Promise<void>;
}>;
