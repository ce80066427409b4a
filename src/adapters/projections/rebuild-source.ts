import type { RecordedEvent } from '../../application/ports/event-store.ts';
import type { Queryable } from '../postgres/connection.ts';

/** Takes events in the order of the log, some at a time; the next ones come when it is done. */
export type TakeEvents = (
  events: readonly Pick<RecordedEvent, 'stream' | 'event'>[],
) => Promise<void>;

/** The log as one run reads it. */
export type RebuildSource = Readonly<{
  count(): Promise<number>;
  /** All but a few of its last events, beside everybody. */
  readAll(take: TakeEvents): Promise<void>;
  /**
   * What `readAll` left, while nobody else can change the tables: they tell all of it by then, but for
   * what they lack that was not on its way.
   */
  readRest(take: TakeEvents): Promise<void>;
  /** In the transaction in which all tables were mended. */
  afterMending(): Promise<void>;
}>;

/** `connection`: the run's own; `mend`: all tables will be. */
export type OpenRebuildSource = (connection: Queryable, mend: boolean) => Promise<RebuildSource>;
