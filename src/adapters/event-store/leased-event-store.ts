import type { LogLease } from '../../application/event-log/log-lease.ts';
import { ApplicationError } from '../../application/kernel/errors.ts';
import type { EventStore } from '../../application/kernel/event-store.ts';

/**
 * Wraps an event store so that a process without the log lease appends nothing.
 * @throws ApplicationError `service_unavailable` from `append` while the log is being moved, or
 * after
 */
export const createLeasedEventStore = (
  store: EventStore,
  { isHeld }: Pick<LogLease, 'isHeld'>,
): EventStore => ({
  ...store,
  append: async (appends) => {
    if (!isHeld()) throw new ApplicationError('service_unavailable', { retryAfterSeconds: 1 });
    return store.append(appends);
  },
});
