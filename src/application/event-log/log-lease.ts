/** A process's lease to append to the log at the location in its configuration. */
export type LogLease = Readonly<{
  /** Acquires the lease. @returns false when the log is being moved */
  start(): Promise<boolean>;
  stop(): Promise<void>;
  /** Checks whether appends are permitted; true before `start`, as only servers need the lease. */
  isHeld(): boolean;
  /** Checks whether the log has moved to another location. */
  hasMoved(): boolean;
}>;
