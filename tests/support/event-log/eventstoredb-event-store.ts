import { randomBytes } from 'node:crypto';
import {
  createEventStoreDbClient,
  type EventStoreDbClient,
  type EventStoreDbTimeouts,
} from '../../../src/adapters/event-store/eventstoredb/client/eventstoredb-client.ts';
import { createEventStoreDbEventStore } from '../../../src/adapters/event-store/eventstoredb/eventstoredb-event-store.ts';
import { createProjectedStreams } from '../../../src/adapters/event-store/eventstoredb/projected-streams.ts';
import { createProjectorCheckpoint } from '../../../src/adapters/event-store/eventstoredb/projector-checkpoint.ts';
import { createEventStoreDbLog } from '../../../src/adapters/event-store/eventstoredb/reading/eventstoredb-log.ts';
import { createEventStoreDbReading } from '../../../src/adapters/event-store/eventstoredb/reading/eventstoredb-reading.ts';
import { createEventStoreDbStreamReader } from '../../../src/adapters/event-store/eventstoredb/reading/eventstoredb-stream-read.ts';
import {
  createTransactions,
  TRANSACTION_CATEGORY,
} from '../../../src/adapters/event-store/eventstoredb/reading/eventstoredb-transactions.ts';
import { createRenewClaims } from '../../../src/adapters/event-store/eventstoredb/renew-claims.ts';
import { createSubjectKeys } from '../../../src/adapters/event-store/subject-keys.ts';
import {
  createDatabase,
  type Database,
} from '../../../src/adapters/postgres/connection/connection.ts';
import { createPostgresIdentifierClaims } from '../../../src/adapters/postgres/identity/postgres-identifier-claims.ts';
import { streamCategories } from '../../../src/application/kernel/event-store.ts';
import type { ProjectedEvent, RowChange } from '../../../src/application/projections/row-change.ts';
import {
  type EventStoreDouble,
  type EventStoreDoubleOptions,
  startEventStoreDouble,
} from '../event-store-double/event-store-double.ts';
import { createTestDatabase } from '../servers/test-database.ts';
import { testCodec } from './postgres-event-store.ts';

/** A random prefix, so that several stores can share a double or a real server. */
export const randomPrefix = (): string => `t${randomBytes(6).toString('hex')}`;

/** Short limits, so that a test does not wait long for an answer that never comes. */
export const SHORT_TIMEOUTS: EventStoreDbTimeouts = { attempt: 300, total: 1_500, silence: 400 };

type ClientOptions = Readonly<{
  url: string;
  prefix?: string;
  timeouts?: EventStoreDbTimeouts;
}>;

export const createTestClient = ({
  prefix = randomPrefix(),
  ...options
}: ClientOptions): EventStoreDbClient =>
  createEventStoreDbClient({
    ...options,
    prefix,
    categories: [...streamCategories, TRANSACTION_CATEGORY],
  });

type StoreOptions = ClientOptions &
  Readonly<{
    database: Database;
    /** Milliseconds after which a reader aborts a transaction without an outcome. */
    outcomeTimeout?: number;
    project?: (event: ProjectedEvent) => readonly RowChange[];
    /** Wraps the client of the store. */
    through?: (client: EventStoreDbClient) => EventStoreDbClient;
  }>;

/** Creates a store like that of a process, without projections by default. */
export const createTestEventStoreDb = ({
  database,
  outcomeTimeout,
  project = () => [],
  through = (same) => same,
  ...options
}: StoreOptions) => {
  const client = through(createTestClient(options));
  const transactions = createTransactions(client, outcomeTimeout);
  const reading = createEventStoreDbReading({ database, codec: testCodec, transactions });
  const { positionsIn } = createProjectorCheckpoint(database);
  const log = createEventStoreDbLog({ client, reading, readPositions: positionsIn });
  const projectedStreams = createProjectedStreams({ project });
  const readHistory = createEventStoreDbStreamReader({
    client,
    codec: testCodec,
    reading,
    transactions,
  });
  const store = createEventStoreDbEventStore({
    client,
    transactions,
    readHistory,
    log,
    database,
    codec: testCodec,
    subjectKeys: createSubjectKeys(database, testCodec),
    project,
    projectedStreams,
    renewClaims: createRenewClaims(createPostgresIdentifierClaims(database)),
    onAppended: () => undefined,
  });
  return { client, transactions, log, projectedStreams, readHistory, store };
};

export type TestEventStoreDb = ReturnType<typeof createTestEventStoreDb>;

/** Opens a database and a double for the stores of a test file. */
export const openTestEventStoreDb = async (options: EventStoreDoubleOptions = {}) => {
  const scratch = await createTestDatabase();
  const database = createDatabase(scratch);
  const double = await startEventStoreDouble(options);
  const opened: EventStoreDbClient[] = [];
  return {
    database,
    double,
    url: double.connectionString,
    /** Opens a store, which is closed with the others. */
    openStore: (settings: Partial<StoreOptions> = {}): TestEventStoreDb => {
      const parts = createTestEventStoreDb({
        url: double.connectionString,
        database,
        ...settings,
      });
      opened.push(parts.client);
      return parts;
    },
    close: async () => {
      for (const client of opened) await client.close();
      await double.stop();
      await database.close();
      await scratch.drop();
    },
  };
};

export type OpenTestEventStoreDb = Awaited<ReturnType<typeof openTestEventStoreDb>>;

/** Opens the server that EVENTSTOREDB_TEST_URL names, or starts a double. */
export const openAnyEventStoreDb = async (): Promise<{ url: string; stop(): Promise<void> }> => {
  const url = process.env.EVENTSTOREDB_TEST_URL;
  if (url !== undefined) return { url, stop: async () => undefined };
  const double: EventStoreDouble = await startEventStoreDouble();
  return { url: double.connectionString, stop: double.stop };
};
