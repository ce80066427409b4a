import {
  createDatabase,
  type Database,
} from '../../../src/adapters/postgres/connection/connection.ts';
import { expectTablesToTellTheLog } from './journey-end.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from './test-database.ts';

export type OpenDatabase = Database &
  Readonly<{
    sql: <Row extends object>(text: string, ...values: unknown[]) => Promise<readonly Row[]>;
    drop: () => Promise<void>;
  }>;

const open = async (scratch: TestDatabase): Promise<OpenDatabase> => {
  const database = createDatabase({ connectionString: scratch.connectionString });
  return {
    ...database,
    sql: (text, ...values) => database.query({ text, values }),
    drop: async () => {
      try {
        await expectTablesToTellTheLog(scratch.connectionString);
      } finally {
        await database.close();
        await scratch.drop();
      }
    },
  };
};

/** Creates a migrated database and a connection pool. */
export const openTestDatabase = async (): Promise<OpenDatabase> => open(await createTestDatabase());

/** Creates an empty database and a connection pool. */
export const openEmptyDatabase = async (): Promise<OpenDatabase> =>
  open(await createEmptyDatabase());
