/** Slow on purpose and limited in parallel: a full queue refuses with `server_busy` (503). */
export type PasswordHasher = Readonly<{
  /** A PHC string. @throws ApplicationError `server_busy` */
  hash(password: string): Promise<string>;
  /**
   * `hash` is one of `hash` or of another system whose accounts were adopted; what cannot be read
   * never matches. `null` stands for an account that does not exist or has no password.
   *
   * Whatever `hash` is, at least one of today's hashes is computed, so that the time a refusal takes
   * does not tell whether there is an account. It does where an adopted hash is slower than today's
   * (bcrypt, most PBKDF2 and scrypt), until its owner's next sign-in replaces it.
   * @throws ApplicationError `server_busy`
   */
  verify(hash: string | null, password: string): Promise<boolean>;
  /** Tells whether `hash` was made with another algorithm or weaker parameters than today's. */
  isOutdated(hash: string): boolean;
}>;
