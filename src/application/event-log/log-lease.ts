/** A process's right to append to the log where its configuration says that it is. */
export type LogLease = Readonly<{
  /** Takes the lease. @returns false when the log is being moved right now */
  start(): Promise<boolean>;
  stop(): Promise<void>;
  /**
   * Tells whether appends are allowed. True before `start`: a process that does not serve needs no
   * lease.
   */
  isHeld(): boolean;
  /** Tells whether the log has been moved elsewhere. */
  hasMoved(): boolean;
}>;
