import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import type { MailQueue } from '../../../src/application/ports/mail-queue.ts';
import { createInMemoryMailQueue } from '../../support/in-memory-mail-queue.ts';
import { describeMailQueueContract } from '../../support/mail-queue-contract.ts';

describeMailQueueContract(async () => {
  let inner = createInMemoryMailQueue(systemClock);
  const queue: MailQueue = {
    checkpoint: () => inner.checkpoint(),
    advance: (...what) => inner.advance(...what),
    due: (limit) => inner.due(limit),
    remove: (eventId) => inner.remove(eventId),
    countWaiting: () => inner.countWaiting(),
    postpone: (...what) => inner.postpone(...what),
  };
  return {
    queue,
    empty: async () => {
      inner = createInMemoryMailQueue(systemClock);
    },
    close: async () => undefined,
  };
});
