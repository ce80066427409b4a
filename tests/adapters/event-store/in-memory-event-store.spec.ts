import { describeEventStore } from '../../support/event-store-contract.ts';
import { createInMemoryEventStore } from '../../support/in-memory-event-store.ts';
import { describeUniqueEventIds } from '../../support/unique-event-ids-contract.ts';

const open = async () => ({ store: createInMemoryEventStore(), close: async () => undefined });

describeEventStore('in memory', open);
describeUniqueEventIds('in memory', open);
