/** A process's right to append to the log where its configuration says that it is. */
export type LogLease = Readonly<{
  /** From now on. @returns false when the log is being moved right now */
  start(): Promise<boolean>;
  stop(): Promise<void>;
  /** Whether appends are all right. True before `start`: whoever does not serve needs no hold. */
  isHeld(): boolean;
  /** Whether the log is somewhere else by now. */
  hasMoved(): boolean;
}>;
