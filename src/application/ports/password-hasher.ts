/** Slow on purpose and limited in parallel: a full queue refuses with `server_busy` (503). */
export type PasswordHasher = Readonly<{
  /** A PHC string. @throws ApplicationError `server_busy` */
  hash(password: string): Promise<string>;
  /**
   * `hash` null stands for an account that does not exist or has no password: verified against a
   * dummy hash all the same, so that the time taken tells nothing; the answer is always false.
   * @throws ApplicationError `server_busy`
   */
  verify(hash: string | null, password: string): Promise<boolean>;
  /** Whether `hash` was made with another algorithm or weaker parameters than today's. */
  isOutdated(hash: string): boolean;
}>;
