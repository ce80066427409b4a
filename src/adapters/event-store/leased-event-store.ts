import type { LogLease } from '../../application/event-log/log-lease.ts';
import { ApplicationError } from '../../application/kernel/errors.ts';
import type { EventStore } from '../../application/kernel/event-store.ts';

/** Appends nothing while the log is being moved, or when it has moved away. */
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
