import { createSystemClock } from '../../../../src/adapters/system/system-clock.ts';
import { createInMemoryMailQueue } from '../../../support/mail/in-memory-mail-queue.ts';
import { describeMailQueueContract } from '../../../support/mail/mail-queue-contract.ts';

describeMailQueueContract(async () => ({
  emptyQueue: async () => createInMemoryMailQueue(createSystemClock()),
  close: async () => undefined,
}));
