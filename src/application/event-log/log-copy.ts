/** The database that holds the event log. */
export type LogLocation = 'postgres' | 'eventstoredb';

/** The log cannot be copied. The message is a sentence for the operator. */
export class LogCopyRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LogCopyRefused';
  }
}

/** The result of copying the log. */
export type LogCopyReport = Readonly<{
  to: LogLocation;
  /** Number of events in the whole log, compared at the end. */
  events: number;
  /** Number of events that this run copied; earlier runs copied the others. */
  copied: number;
  milliseconds: number;
  /** Time for which appends were stopped. */
  stoppedMilliseconds: number;
}>;

/** Receives the progress of copying the log, in events, and notices. */
export type LogCopyWatch = Readonly<{
  onProgress: (done: number, total: number) => void;
  /** Receives a sentence on what the operator must do meanwhile. */
  onNotice: (sentence: string) => void;
}>;

/**
 * Copies the log to the other database, compares it and moves the log's location there. Most events
 * are copied while the service runs. After an interruption the location is unchanged, and another
 * run continues the copy.
 * @param waitSeconds limits the wait for running servers to stop, where they must be stopped
 * @throws LogCopyRefused; ApplicationError `service_unavailable` when the database is away
 */
export type CopyLog = (
  to: LogLocation,
  waitSeconds: number,
  watch: LogCopyWatch,
) => Promise<LogCopyReport>;
