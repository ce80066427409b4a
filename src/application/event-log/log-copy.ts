/** Where the event log is. */
export type LogLocation = 'postgres' | 'eventstoredb';

/** Why a log cannot be copied; the message is a sentence for whoever wants it. */
export class LogCopyRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LogCopyRefused';
  }
}

export type LogCopyReport = Readonly<{
  to: LogLocation;
  /** Of the whole log, as it was compared in the end. */
  events: number;
  /** What this run brought over; the rest was there already. */
  copied: number;
  milliseconds: number;
  /** How long nobody could write. */
  stoppedMilliseconds: number;
}>;

export type LogCopyWatch = Readonly<{
  onProgress: (done: number, total: number) => void;
  /** What somebody has to do meanwhile, in one sentence. */
  onNotice: (sentence: string) => void;
}>;

/**
 * Copies the log to where it is not and moves it there: what was copied is compared before. Copies most
 * while the service runs. Broken off at any point it leaves the log where it was, and run again it goes
 * on from there.
 * @param waitSeconds for servers to be stopped, where they have to be
 * @throws LogCopyRefused; ApplicationError `service_unavailable` when the database is away
 */
export type CopyLog = (
  to: LogLocation,
  waitSeconds: number,
  watch: LogCopyWatch,
) => Promise<LogCopyReport>;
