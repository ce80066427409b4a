/** A user's data outside the log and the projected tables. */
export type PersonalTraces = Readonly<{
  /** Checks whether a foreign key of an application's table prevents the deletion of the user. */
  isReferenced(userId: string): Promise<boolean>;
  /** Deletes the data kept for mails to these addresses. */
  forget(addresses: readonly string[]): Promise<void>;
}>;
