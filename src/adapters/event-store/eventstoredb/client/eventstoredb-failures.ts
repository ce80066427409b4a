/** A call without an answer within its time limit. */
export class TimedOut extends Error {
  constructor() {
    super('the event store did not answer in time');
    this.name = 'TimedOut';
  }
}

/** A subscription that ended unexpectedly, or a client that is being closed. */
export class Interrupted extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'Interrupted';
  }
}

const TRANSIENT_TYPES = new Set([
  'not-leader',
  'unavailable',
  'cancelled',
  'deadline-exceeded',
  'timeout',
]);
/**
 * gRPC: cancelled, unknown, deadline exceeded, resource exhausted, aborted, internal (a reset
 * stream comes as one), unavailable.
 */
const TRANSIENT_CODES = new Set([1, 2, 4, 8, 10, 13, 14]);
/** Permission denied, unauthenticated: a fault of the configuration, not of the request. */
const REFUSED_CODES = new Set([7, 16]);

const member = (error: Error, name: 'code' | 'type'): unknown =>
  name in error ? (error as Error & Record<typeof name, unknown>)[name] : undefined;

/** Whether the client found no node. It caches that result and would continue to fail. */
export const isFailedDiscovery = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Failed to discover');

/** Whether the call timed out, by our limit or by the client library's. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof TimedOut ||
  (error instanceof Error && member(error, 'type') === 'deadline-exceeded');

/** Whether a retry may succeed. */
export const isTransient = (error: unknown): boolean => {
  if (error instanceof TimedOut || error instanceof Interrupted) return true;
  if (!(error instanceof Error)) return false;
  if (isFailedDiscovery(error)) return true;
  const code = member(error, 'code');
  return (
    TRANSIENT_TYPES.has(String(member(error, 'type'))) ||
    (typeof code === 'number' && TRANSIENT_CODES.has(code))
  );
};

/** Whether the store rejected the credentials. */
export const isRefused = (error: unknown): boolean =>
  error instanceof Error &&
  (member(error, 'type') === 'access-denied' || REFUSED_CODES.has(Number(member(error, 'code'))));

/**
 * Returns the pause before the next attempt in milliseconds, with jitter; `steps` by attempts so
 * far.
 */
export const backoff = (steps: readonly number[], tries: number): number => {
  const step = steps[Math.min(tries, steps.length - 1)] ?? 0;
  return step / 2 + Math.random() * (step / 2);
};

type Limits = Readonly<{
  limit: number;
  onTimeout?: () => void;
  /** Ends the wait when it aborts. */
  signal?: AbortSignal;
}>;

/** Awaits `work` for at most `limit` milliseconds; a failure after that is ignored. */
export const within = async <Result>(
  work: Promise<Result>,
  { limit, onTimeout = () => undefined, signal }: Limits,
): Promise<Result> => {
  let giveUp: (reason: Error) => void = () => undefined;
  const over = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  const timer = setTimeout(() => {
    giveUp(new TimedOut());
    onTimeout();
  }, limit);
  const onAbort = () => giveUp(new Interrupted('closed'));
  signal?.addEventListener('abort', onAbort);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
};
