import type { LogHold } from '../../application/event-log/log-hold.ts';
import { ApplicationError } from '../../application/kernel/errors.ts';
import type { EventStore } from '../../application/kernel/event-store.ts';

/** Appends nothing while the log is being moved, or when it has moved away. */
export const createHeldEventStore = (
  store: EventStore,
  { isHeld }: Pick<LogHold, 'isHeld'>,
): EventStore => ({
  ...store,
  append: async (appends) => {
    if (!isHeld()) throw new ApplicationError('service_unavailable', { retryAfterSeconds: 1 });
    return store.append(appends);
  },
});
