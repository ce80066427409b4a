import { describeEventStore } from '../../support/event-store-contract.ts';
import { createInMemoryEventStore } from '../../support/in-memory-event-store.ts';

const open = async () => ({ store: createInMemoryEventStore(), close: async () => undefined });

describeEventStore('in memory', open);
