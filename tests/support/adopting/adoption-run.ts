import {
  createDatabase,
  type Database,
} from '../../../src/adapters/postgres/connection/connection.ts';
import { runCommand } from '../servers/command-line.ts';
import { type Finished, newMasterKey, runLatchkey } from '../servers/latchkey-process.ts';
import { createEmptyDatabase } from '../servers/test-database.ts';
import { type Photograph, photograph } from './adoption-photograph.ts';
import type { DumpServer } from './dump-server.ts';

/** The adoption and rollback of an older system's database. */
export type AdoptionRun = Readonly<{
  connectionString: string;
  environment: Readonly<Record<string, string>>;
  sql: <Row extends object>(text: string, ...values: unknown[]) => Promise<readonly Row[]>;
  database: Database;
  /** Runs `latchkey …` in a separate process. */
  latchkey: (...args: readonly string[]) => Promise<Finished>;
  /** The same within this process, which is faster; one at a time. */
  command: (...args: readonly string[]) => Promise<Finished>;
  photograph: () => Promise<Photograph>;
  drop: () => Promise<void>;
}>;

/** Creates an empty database, on the server of the test run unless another one is given. */
export const openAdoptionRun = async (server?: DumpServer): Promise<AdoptionRun> => {
  const scratch = await (server?.createDatabase() ?? createEmptyDatabase());
  const { connectionString } = scratch;
  const database = createDatabase({ connectionString });
  const environment = {
    DATABASE_URL: connectionString,
    LATCHKEY_MASTER_KEY: newMasterKey(),
    LATCHKEY_RATE_LIMITS: 'off',
    LATCHKEY_LOG_LEVEL: 'error',
  };
  return {
    connectionString,
    environment,
    database,
    sql: (text, ...values) => database.query({ text, values }),
    latchkey: (...args) => runLatchkey(args, environment),
    command: (...args) => runCommand(args, environment),
    photograph: () => photograph(connectionString, server?.pgDump),
    drop: async () => {
      await database.close();
      await scratch.drop();
    },
  };
};
