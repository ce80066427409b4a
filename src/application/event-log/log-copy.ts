/** The location of the event log. */
export type LogLocation = 'postgres' | 'eventstoredb';

/** The reason why a log cannot be copied; the message is a sentence for operators. */
export class LogCopyRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LogCopyRefused';
  }
}

export type LogCopyReport = Readonly<{
  to: LogLocation;
  /** Events of the whole log, as compared in the end. */
  events: number;
  /** Events that this run copied; the rest was there already. */
  copied: number;
  milliseconds: number;
  /** Milliseconds in which no process could append. */
  stoppedMilliseconds: number;
}>;

export type LogCopyWatch = Readonly<{
  onProgress: (done: number, total: number) => void;
  /** An instruction to the operator, in one sentence. */
  onNotice: (sentence: string) => void;
}>;

/**
 * Copies the log to the other store, compares the copy, and moves the log there. Most is copied
 * while the service runs. An interrupted run leaves the log where it was; the next run continues
 * from there.
 * @param waitSeconds for servers to stop, where they have to
 * @throws LogCopyRefused; ApplicationError `service_unavailable` when the database is away
 */
export type CopyLog = (
  to: LogLocation,
  waitSeconds: number,
  watch: LogCopyWatch,
) => Promise<LogCopyReport>;
