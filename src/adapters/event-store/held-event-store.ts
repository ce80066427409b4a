import { ApplicationError } from '../../application/errors.ts';
import type { EventStore } from '../../application/ports/event-store.ts';
import type { LogHold } from '../../application/ports/log-hold.ts';

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
