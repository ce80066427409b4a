import { createEventCodec } from '../../../src/adapters/event-store/event-codec.ts';
import { createEventRegistry } from '../../../src/adapters/event-store/event-registry.ts';
import { createPersonalDataCipher } from '../../../src/adapters/event-store/personal-data-cipher.ts';
import { createPostgresEventStore } from '../../../src/adapters/event-store/postgres/postgres-event-store.ts';
import { eventDefinitions } from '../../../src/adapters/event-store/schemas/event-definitions.ts';
import { createSubjectKeys } from '../../../src/adapters/event-store/subject-keys.ts';
import type { DerivedKey } from '../../../src/adapters/ports/key-ring.ts';
import {
  createDatabase,
  type Database,
} from '../../../src/adapters/postgres/connection/connection.ts';
import type { ProjectedEvent, RowChange } from '../../../src/application/projections/row-change.ts';
import { createTestDatabase } from '../servers/test-database.ts';

const key: DerivedKey = { id: 1, bytes: new Uint8Array(32).fill(1) };

export const testCodec = createEventCodec(
  createEventRegistry(eventDefinitions),
  createPersonalDataCipher({ current: key, find: (id) => (id === key.id ? [key] : []) }),
);

type Options = Readonly<{
  project?: (event: ProjectedEvent) => readonly RowChange[];
  /** Wraps the database of the store. */
  through?: (database: Database) => Database;
}>;

/** Creates a store on `database` like that of a process, without projections by default. */
export const createTestEventStore = (
  database: Database,
  { project = () => [], through = (same) => same }: Options = {},
) => {
  const seen = through(database);
  const subjectKeys = createSubjectKeys(seen, testCodec);
  return createPostgresEventStore({ database: seen, codec: testCodec, subjectKeys, project });
};

/** Opens a store on a new database. */
export const openTestEventStore = async (options: Options = {}) => {
  const scratch = await createTestDatabase();
  const database = createDatabase(scratch);
  return {
    connectionString: scratch.connectionString,
    database,
    store: createTestEventStore(database, options),
    close: async () => {
      await database.close();
      await scratch.drop();
    },
  };
};

export type TestEventStore = Awaited<ReturnType<typeof openTestEventStore>>;
