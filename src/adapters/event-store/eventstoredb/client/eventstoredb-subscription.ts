import { setTimeout as delay } from 'node:timers/promises';
import { type EventStoreDbEvent, isAfter, type LogPosition } from './eventstoredb-event.ts';
import { backoff, Interrupted, isTransient, TimedOut } from './eventstoredb-failures.ts';

/** The part of the client library's subscription that is used here. */
export type OpenSubscription = Readonly<{
  on(event: 'confirmation' | 'readable' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  read(): unknown;
  readableLength: number;
  unsubscribe(): Promise<void>;
  destroy(): unknown;
}>;

type Dependencies = Readonly<{
  /**
   * Subscribes after `after`; `heard` is called with the position of every checkpoint between
   * events.
   */
  open(after: LogPosition | undefined, heard: (at: LogPosition) => void): OpenSubscription;
  toEvents(resolved: unknown): readonly EventStoreDbEvent[];
  /** Reads the last events of the log, newest first; `ours`: whether an event is Latchkey's. */
  readEnd(): Promise<readonly Readonly<{ position: LogPosition; ours: boolean }>[]>;
  onFailure(error: unknown): void;
  /** Milliseconds without an event or a checkpoint before the end of the log is read. */
  silence: number;
}>;

const RESUBSCRIBE_MS = [50, 200, 500, 1_000, 2_000];

/**
 * Follows the log until it is aborted: subscribes again when a subscription breaks, delivers no
 * event twice, and replaces a subscription that is silent while the log grows.
 */
export const createReconnectingSubscription = ({
  open,
  toEvents,
  readEnd,
  onFailure,
  silence,
}: Dependencies) => {
  /** Follows one subscription until it breaks. */
  async function* follow(
    after: LogPosition | undefined,
    signal: AbortSignal,
  ): AsyncIterable<readonly EventStoreDbEvent[]> {
    let confirmed = false;
    let broken: unknown;
    let last = after;
    let observedPosition = after;
    let observedAt = performance.now();
    let wake = (): void => undefined;
    const observe = (at: LogPosition): void => {
      if (isAfter(at, observedPosition)) observedPosition = at;
      observedAt = performance.now();
    };
    const end = (error: unknown): void => {
      broken ??= error;
      wake();
    };
    const subscription = open(after, observe);
    subscription.on('confirmation', () => {
      confirmed = true;
    });
    subscription.on('readable', () => wake());
    subscription.on('error', end);
    subscription.on('close', () => end(new Interrupted('the subscription was closed')));
    const onAbort = () => wake();
    signal.addEventListener('abort', onAbort);
    const ticking = setInterval(() => wake(), silence / 4);

    const takeBuffered = (): readonly EventStoreDbEvent[] => {
      const taken: EventStoreDbEvent[] = [];
      for (;;) {
        const resolved = subscription.read();
        if (resolved === null) return taken;
        for (const event of toEvents(resolved)) {
          observe(event.position);
          if (!isAfter(event.position, last)) continue; // delivered before
          last = event.position;
          taken.push(event);
        }
      }
    };

    /**
     * Throws when an event was not delivered, or more events than a checkpoint interval went
     * unreported.
     */
    const checkSilence = async (): Promise<void> => {
      if (performance.now() - observedAt < silence) return;
      if (!confirmed) throw new TimedOut();
      const events = await readEnd().catch((cause: unknown) => {
        throw new Interrupted('the end of the log cannot be read', { cause });
      });
      const unobserved = events.filter(({ position }) => isAfter(position, observedPosition));
      const missed = unobserved.some(({ position, ours }) => ours && isAfter(position, last));
      if (missed || (unobserved.length > 0 && unobserved.length === events.length)) {
        throw new Interrupted('the subscription is silent');
      }
      observedAt = performance.now();
    };

    try {
      while (!signal.aborted) {
        const taken = takeBuffered();
        if (taken.length > 0) yield taken;
        else if (broken !== undefined) throw broken;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          if (!signal.aborted && subscription.readableLength === 0) await checkSilence();
        }
      }
    } finally {
      clearInterval(ticking);
      signal.removeEventListener('abort', onAbort);
      void subscription.unsubscribe().catch(() => undefined);
      subscription.destroy();
    }
  }

  return async function* subscribe(
    after: LogPosition | undefined,
    signal: AbortSignal,
  ): AsyncIterable<readonly EventStoreDbEvent[]> {
    let last = after;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        for await (const taken of follow(last, signal)) {
          failures = 0;
          last = taken.at(-1)?.position ?? last;
          yield taken;
        }
      } catch (error) {
        onFailure(error);
        if (!isTransient(error)) throw error;
      }
      const pause = backoff(RESUBSCRIBE_MS, failures);
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  };
};
