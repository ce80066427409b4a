/** Hashes passwords: slow by design, with limited parallelism and a bounded queue. */
export type PasswordHasher = Readonly<{
  /** Hashes a password into a PHC string. @throws ApplicationError `server_busy` */
  hash(password: string): Promise<string>;
  /**
   * Verifies a password against a hash made here or by another system. An unreadable hash never
   * matches. `null` stands for an account that does not exist or has no password.
   *
   * Every call computes at least one hash with current parameters, so that the response time does
   * not reveal whether the account exists. Exception: an adopted hash that is slower than a current
   * one (bcrypt, most PBKDF2 and scrypt), until the user's next sign-in replaces it.
   * @throws ApplicationError `server_busy`
   */
  verify(hash: string | null, password: string): Promise<boolean>;
  /** Checks for another algorithm or weaker parameters than the current ones. */
  isOutdated(hash: string): boolean;
}>;
