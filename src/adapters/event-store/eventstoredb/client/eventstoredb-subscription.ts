import { setTimeout as delay } from 'node:timers/promises';
import { type EventStoreDbEvent, isAfter, type LogPosition } from './eventstoredb-event.ts';
import { backoff, Interrupted, isTransient, TimedOut } from './eventstoredb-failures.ts';

/** A subscription of the client library, as far as it is used here. */
export type OpenSubscription = Readonly<{
  on(event: 'confirmation' | 'readable' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  read(): unknown;
  readableLength: number;
  unsubscribe(): Promise<void>;
  destroy(): unknown;
}>;

type Dependencies = Readonly<{
  /** After `after`; `heard` is told of every sign of life that is no event. */
  open(after: LogPosition | undefined, heard: (at: LogPosition) => void): OpenSubscription;
  toEvents(resolved: unknown): readonly EventStoreDbEvent[];
  /** The last events of the whole log, the last one first, and whether they are ours. */
  readEnd(): Promise<readonly Readonly<{ position: LogPosition; ours: boolean }>[]>;
  onFailure(error: unknown): void;
  /** Milliseconds without an event or a sign of life before the end of the log is looked at. */
  silence: number;
}>;

const RESUBSCRIBE_MS = [50, 200, 500, 1_000, 2_000];

/**
 * Follows the log for as long as wanted: subscribes again when a subscription breaks, delivers
 * nothing twice, and does not trust a silent one while the log grows.
 */
export const createReconnectingSubscription = ({
  open,
  toEvents,
  readEnd,
  onFailure,
  silence,
}: Dependencies) => {
  /** One subscription, until it breaks. */
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

    /** An event of ours that was not delivered, or more than it could pass by without a word. */
    const checkSilence = async (): Promise<void> => {
      if (performance.now() - observedAt < silence) return;
      if (!confirmed) throw new TimedOut();
      const events = await readEnd().catch((cause: unknown) => {
        throw new Interrupted('the end of the log cannot be told', { cause });
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
