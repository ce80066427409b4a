import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationError } from '../../../../application/kernel/errors.ts';
import {
  backoff,
  Interrupted,
  isFailedDiscovery,
  isRefused,
  isTimeout,
  isTransient,
  within,
} from './eventstoredb-failures.ts';

type Dependencies<Client> = Readonly<{
  connect: () => Client;
  /** Milliseconds: for one attempt, and for all of them. */
  timeouts: Readonly<{ attempt: number; total: number }>;
  /** Milliseconds left for the request being served; undefined when no request waits. */
  remaining: () => number | undefined;
  closing: AbortSignal;
}>;

/** `limit`: milliseconds; `tries`: attempts that failed before this one. */
type Call<Client, Result> = (client: Client, limit: number, tries: number) => Promise<Result>;

const RETRY_MS = [20, 50, 100, 200, 400, 800];
/** An abandoned client may keep connections open for a while; this limits how many there are. */
const RENEW_AFTER_MS = 30_000;

/** The error for a store that does not answer; a caller may retry after a second. */
export const unavailable = (cause: unknown) =>
  new ApplicationError('service_unavailable', { cause, retryAfterSeconds: 1 });

/**
 * Adds time limits and retries of transient failures to calls, and replaces a client that cannot
 * recover.
 */
export const createCalls = <Client>({
  connect,
  timeouts,
  remaining,
  closing,
}: Dependencies<Client>) => {
  let client: Client | undefined;
  let timeoutsInARow = 0;
  let renewedAt = Number.NEGATIVE_INFINITY;

  const current = (): Client => {
    client ??= connect();
    return client;
  };

  /**
   * Abandons a client after a failed discovery, whose result it caches, and after two consecutive
   * timeouts, when the node behind its connection may be gone.
   */
  const recordFailure = (used: Client, error: unknown): void => {
    timeoutsInARow = isTimeout(error) ? timeoutsInARow + 1 : 0;
    const isUnresponsive = timeoutsInARow >= 2 && performance.now() - renewedAt > RENEW_AFTER_MS;
    if (used !== client || !(isFailedDiscovery(error) || isUnresponsive)) return;
    client = undefined;
    timeoutsInARow = 0;
    renewedAt = performance.now();
  };

  const attempt = async <Result>(
    call: Call<Client, Result>,
    limit: number,
    tries: number,
  ): Promise<Result> => {
    const used = current();
    try {
      // A read that the library disposes of ends as if it were complete: `closing` must win.
      const result = await within(call(used, limit, tries), { limit, signal: closing });
      timeoutsInARow = 0;
      return result;
    } catch (error) {
      // A timeout shorter than usual shows nothing about the connection.
      if (!isTimeout(error) || limit >= timeouts.attempt) recordFailure(used, error);
      throw error;
    }
  };

  return {
    current,
    recordFailure,
    /** The client, if one has been created. */
    opened: (): Client | undefined => client,

    /** @throws ApplicationError `service_unavailable`; any permanent failure of `call` */
    callWithRetry: async <Result>(call: Call<Client, Result>): Promise<Result> => {
      const total = Math.min(timeouts.total, remaining() ?? timeouts.total);
      const deadline = performance.now() + total;
      for (let tries = 0; ; tries += 1) {
        if (closing.aborted) throw unavailable(new Interrupted('closed'));
        const limit = Math.max(1, Math.min(timeouts.attempt, deadline - performance.now()));
        try {
          return await attempt(call, limit, tries);
        } catch (error) {
          if (isRefused(error)) throw unavailable(error);
          if (!isTransient(error)) throw error;
          const pause = backoff(RETRY_MS, tries);
          if (performance.now() + pause >= deadline) throw unavailable(error);
          await delay(pause);
        }
      }
    },
  };
};
