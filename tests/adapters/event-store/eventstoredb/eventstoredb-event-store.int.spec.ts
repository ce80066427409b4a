import { afterAll, beforeAll } from 'vitest';
import {
  createDatabase,
  type Database,
} from '../../../../src/adapters/postgres/connection/connection.ts';
import { describeEventStore } from '../../../support/event-log/event-store-contract.ts';
import {
  createTestEventStoreDb,
  openAnyEventStoreDb,
  randomPrefix,
} from '../../../support/event-log/eventstoredb-event-store.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/servers/test-database.ts';

let scratch: TestDatabase;
let database: Database;
let server: Awaited<ReturnType<typeof openAnyEventStoreDb>>;
beforeAll(async () => {
  scratch = await createTestDatabase();
  database = createDatabase(scratch);
  server = await openAnyEventStoreDb();
});
afterAll(async () => {
  await server?.stop();
  await database?.close();
  await scratch?.drop();
});

const openEmpty = async () => {
  await database.query({ text: 'TRUNCATE streams, subject_keys' });
  const { store, client } = createTestEventStoreDb({
    url: server.url,
    prefix: randomPrefix(),
    database,
  });
  return { store, close: client.close };
};

describeEventStore('EventStoreDB', openEmpty);
