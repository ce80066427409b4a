import type { RecordedEvent } from '../kernel/event-store.ts';

/** Receives a batch of events in the order of the log; the next batch follows once it resolves. */
export type TakeEvents = (
  events: readonly Pick<RecordedEvent, 'stream' | 'event'>[],
) => Promise<void>;

/** The log as one rebuild or verification reads it. */
export type RebuildSource = Readonly<{
  /** Returns how many events the log holds, for the progress display. */
  count(): Promise<number>;
  /** Reads all but the last few events, while appends go on. */
  readAll(take: TakeEvents): Promise<void>;
  /**
   * Reads what `readAll` left, while the projected tables are locked against other writers.
   * Afterwards the tables lack an event only by drift, never because its writer has not projected
   * it yet.
   */
  readRest(take: TakeEvents): Promise<void>;
  /** Runs in the transaction in which all tables were repaired. */
  afterRepair(): Promise<void>;
}>;

/** Opens the log on the run's own connection. `repair`: the run repairs the tables it compares. */
export type OpenRebuildSource<Connection> = (
  connection: Connection,
  repair: boolean,
) => Promise<RebuildSource>;
