import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import type { Position, StreamId } from '../../../application/kernel/event-store.ts';
import { type Database, errorCode } from '../../postgres/connection/connection.ts';
import { MissingEvents, type ProjectedStreams } from './projected-streams.ts';
import { CheckpointTaken, type ProjectorCheckpoint, type StuckAt } from './projector-checkpoint.ts';
import type { EventStoreDbLog, LogPage } from './reading/eventstoredb-log.ts';
import type { FollowedEvent } from './reading/followed-event.ts';
import { UnreadableEvent } from './reading/unreadable-event.ts';

type Dependencies = Readonly<{
  database: Database;
  follow: EventStoreDbLog['follow'];
  projectedStreams: ProjectedStreams;
  checkpoint: ProjectorCheckpoint;
  /** Projects the missing events of these streams, which it reads stream by stream. */
  catchUp: (streams: readonly StreamId[]) => Promise<void>;
  log: (line: string) => void;
}>;

/**
 * A page smaller than this is new: the processes that appended its events are about to project
 * them.
 */
const LEFT_TO_WRITERS = 50;
const LINGER_MS = 20;
const AFTER_FAILURE_MS = 500;
const AFTER_STUCK_MS = 2_000;
const HEARTBEAT_MS = 2_000;
/** Limit of events that wait for a row; an append to several streams has no more. */
const MAX_WAITING = 2_000;

/** Foreign key violation: the missing row may come with the next events. */
const FOREIGN_KEY = '23503';
/** Serialization failure, deadlock: a concurrent transaction won. */
const LOST_RACE = new Set(['40001', '40P01']);

/** The projected position, and the events read after it that have to wait. */
type Progress = Readonly<{ position: Position | undefined; waiting: readonly FollowedEvent[] }>;

class PoisonEvent extends Error {
  readonly at: StuckAt;
  constructor(at: StuckAt, cause: unknown) {
    super(`${at.type} at ${at.position} cannot be projected`, { cause });
    this.name = 'PoisonEvent';
    this.at = at;
  }
}

const poison = ({ event, position }: FollowedEvent, cause?: unknown) =>
  new PoisonEvent({ type: event.type, position }, cause);

const isTransient = (error: unknown): boolean =>
  error instanceof CheckpointTaken ||
  (error instanceof ApplicationError && error.code === 'service_unavailable') ||
  LOST_RACE.has(errorCode(error));

const wait = (milliseconds: number, signal: AbortSignal) =>
  delay(milliseconds, undefined, { signal }).catch(() => undefined);

const streamsOf = (events: readonly FollowedEvent[]): readonly StreamId[] => [
  ...new Map(events.map(({ stream }) => [`${stream.category}-${stream.id}`, stream])).values(),
];

/** Follows the log and projects it; see `createEventStoreDbProjector`. */
export type EventStoreDbProjector = ReturnType<typeof createEventStoreDbProjector>;

/**
 * Follows the log and projects events that their writers did not, in one transaction with its
 * checkpoint. It skips no event: one that cannot be projected stops it, is reported with type and
 * position, and is retried until it succeeds.
 */
export const createEventStoreDbProjector = ({
  database,
  follow,
  projectedStreams,
  checkpoint,
  catchUp,
  log,
}: Dependencies) => {
  let reported: Position | undefined;

  const lagOf = (events: readonly FollowedEvent[]): number => {
    const last = events.at(-1);
    return last === undefined ? 0 : Date.now() - Date.parse(last.metadata.occurredAt);
  };

  /** @returns the page's end, which is projected then */
  const projectTogether = async (
    from: Position | undefined,
    { events, end }: LogPage,
  ): Promise<Position> => {
    await database.transaction(async (connection) => {
      const missing = await projectedStreams.unprojected(connection, events);
      if (missing.length > 0) await projectedStreams.project(connection, missing);
      await checkpoint.index(connection, events);
      await checkpoint.move(connection, from, end, lagOf(events));
    });
    return end;
  };

  /**
   * Projects the smallest groups of events that succeed together, which isolates one that fails.
   * Events that wait for a row, which may come with the next page, remain.
   */
  const projectStepwise = async (
    from: Position | undefined,
    { events }: LogPage,
  ): Promise<Progress> => {
    let position = from;
    let waiting: readonly FollowedEvent[] = [];
    for (const event of events) {
      waiting = [...waiting, event];
      try {
        position = await projectTogether(position, { events: waiting, end: event.position });
        waiting = [];
      } catch (error) {
        if (isTransient(error)) throw error;
        const [first = event] = waiting;
        if (errorCode(error) !== FOREIGN_KEY || waiting.length > MAX_WAITING) {
          throw poison(first, error);
        }
      }
    }
    return { position, waiting };
  };

  /** Projects earlier events of the same streams, which the checkpoint may have passed. */
  const catchUpStreams = async (events: readonly FollowedEvent[]): Promise<void> => {
    try {
      await catchUp(streamsOf(events));
    } catch (error) {
      // Any other failure shows when the events are projected stepwise.
      if (isTransient(error)) throw error;
    }
  };

  const project = async (from: Position | undefined, page: LogPage): Promise<Progress> => {
    try {
      return { position: await projectTogether(from, page), waiting: [] };
    } catch (error) {
      if (isTransient(error)) throw error;
      if (error instanceof MissingEvents) await catchUpStreams(page.events);
      return projectStepwise(from, page);
    }
  };

  const recordStuckEvent = async (at: StuckAt): Promise<void> => {
    if (reported !== at.position) log(`projector: stuck at ${at.type}, position ${at.position}`);
    reported = at.position;
    await checkpoint.recordStuck(at).catch(() => undefined);
  };

  /** Follows the log until it fails; an event whose missing row does not come counts as stuck. */
  const followOn = async (signal: AbortSignal): Promise<void> => {
    let progress: Progress = { position: (await checkpoint.read()).position, waiting: [] };
    const givingUp = new AbortController();
    let overdue: NodeJS.Timeout | undefined;
    try {
      const pages = follow(progress.position, AbortSignal.any([signal, givingUp.signal]));
      for await (const { events, end } of pages) {
        if (events.length < LEFT_TO_WRITERS) await wait(LINGER_MS, signal);
        const [first] = progress.waiting;
        progress = await project(progress.position, {
          events: [...progress.waiting, ...events],
          end,
        });
        const [next] = progress.waiting;
        if (next === undefined) reported = undefined;
        if (next === first) continue;
        clearTimeout(overdue);
        if (next !== undefined) overdue = setTimeout(() => givingUp.abort(), AFTER_STUCK_MS);
      }
      const [first] = progress.waiting;
      if (first !== undefined && !signal.aborted) throw poison(first);
    } finally {
      clearTimeout(overdue);
    }
  };

  return {
    /** Runs until `signal` aborts and restarts after every failure. */
    run: async (signal: AbortSignal): Promise<void> => {
      const beating = setInterval(
        () => void checkpoint.beat().catch(() => undefined),
        HEARTBEAT_MS,
      );
      await checkpoint.beat().catch(() => undefined);
      try {
        while (!signal.aborted) {
          try {
            await followOn(signal);
          } catch (error) {
            if (error instanceof PoisonEvent) await recordStuckEvent(error.at);
            if (error instanceof UnreadableEvent) {
              await recordStuckEvent({ type: error.eventType, position: error.position });
            } else if (!isTransient(error) && !(error instanceof PoisonEvent)) {
              log(`projector: ${error instanceof Error ? error.message : 'unknown failure'}`);
            }
            await wait(isTransient(error) ? AFTER_FAILURE_MS : AFTER_STUCK_MS, signal);
          }
        }
      } finally {
        clearInterval(beating);
      }
    },
  };
};
