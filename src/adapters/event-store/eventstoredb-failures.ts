/** A call that nobody answered. */
export class TimedOut extends Error {
  constructor() {
    super('the event store did not answer in time');
    this.name = 'TimedOut';
  }
}

/** A subscription that ended by itself, or a client that is being closed. */
export class Interrupted extends Error {
  constructor(reason: string) {
    super(reason);
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
 * gRPC: cancelled, unknown, deadline exceeded, resource exhausted, aborted, internal (a reset stream
 * comes as one), unavailable.
 */
const TRANSIENT_CODES = new Set([1, 2, 4, 8, 10, 13, 14]);
/** Permission denied, unauthenticated: the operator has to mend it, and no request is to blame. */
const REFUSED_CODES = new Set([7, 16]);

const member = (error: Error, name: 'code' | 'type'): unknown =>
  name in error ? (error as Error & Record<typeof name, unknown>)[name] : undefined;

/** The client could not even find a node: it would go on failing with what it remembers of that. */
export const isFailedDiscovery = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Failed to discover');

/** Whether another try may succeed. */
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

/** Whether the store does not let us in. */
export const isRefused = (error: unknown): boolean =>
  error instanceof Error &&
  (member(error, 'type') === 'access-denied' || REFUSED_CODES.has(Number(member(error, 'code'))));

/** How long to wait before another try, in milliseconds; `steps` by the number of tries so far. */
export const backoff = (steps: readonly number[], tries: number): number => {
  const step = steps[Math.min(tries, steps.length - 1)] ?? 0;
  return step / 2 + Math.random() * (step / 2);
};

/** `work`, but no longer than `limit` milliseconds; a late failure is nobody's any more. */
export const within = async <Result>(
  work: Promise<Result>,
  limit: number,
  onTimeout: () => void = () => undefined,
): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new TimedOut());
      onTimeout();
    }, limit);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
};
