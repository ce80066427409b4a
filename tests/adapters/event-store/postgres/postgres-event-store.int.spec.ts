import { afterAll, beforeAll } from 'vitest';
import { describeEventStore } from '../../../support/event-log/event-store-contract.ts';
import {
  openTestEventStore,
  type TestEventStore,
} from '../../../support/event-log/postgres-event-store.ts';
import { describeUniqueEventIds } from '../../../support/event-log/unique-event-ids-contract.ts';

let opened: TestEventStore;
beforeAll(async () => {
  opened = await openTestEventStore();
});
afterAll(() => opened?.close());

const openEmpty = async () => {
  await opened.database.query({ text: 'TRUNCATE streams, events, subject_keys' });
  return { store: opened.store, close: async () => undefined };
};

describeEventStore('PostgreSQL', openEmpty);
describeUniqueEventIds('PostgreSQL', openEmpty);
