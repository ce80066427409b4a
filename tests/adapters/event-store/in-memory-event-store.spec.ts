import { describeEventStore } from '../../support/event-log/event-store-contract.ts';
import { describeUniqueEventIds } from '../../support/event-log/unique-event-ids-contract.ts';
import { createInMemoryEventStore } from '../../support/kernel/in-memory-event-store.ts';

const open = async () => ({ store: createInMemoryEventStore(), close: async () => undefined });

describeEventStore('in memory', open);
describeUniqueEventIds('in memory', open);
