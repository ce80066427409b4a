import { expect } from 'vitest';
import {
  createDatabase,
  type Database,
} from '../../../src/adapters/postgres/connection/connection.ts';
import {
  type EventStoreDouble,
  startEventStoreDouble,
} from '../event-store-double/event-store-double.ts';
import {
  freePort,
  newMasterKey,
  runLatchkey,
  type ServerProcess,
  startServerProcess,
} from './latchkey-process.ts';
import { type KeptRow, logOf } from './log-of.ts';
import { brokenStreams } from './stored-chains.ts';
import { createTestDatabase } from './test-database.ts';

type Settings = Readonly<Record<string, string>>;

/** An installation whose log is in a double that the test controls. */
export type EventStoreJourney = Readonly<{
  double: EventStoreDouble;
  database: Database;
  environment: Settings;
  /** Starts another server process, which `close` stops. */
  start(settings?: Settings): Promise<ServerProcess>;
  log(): Promise<readonly KeptRow[]>;
  /** Asserts that tables and log agree, no chain is broken and no event is duplicated. */
  expectSound(): Promise<void>;
  close(): Promise<void>;
}>;

type Head = Readonly<{ stream: string; revision: string }>;

const HEADS = 'SELECT stream_id AS stream, revision::text FROM streams';

/** The last revision of each stream. */
const endsOf = (log: readonly KeptRow[]): ReadonlyMap<string, string> =>
  new Map(log.map(({ stream, revision }) => [stream, String(revision)]));

export const startEventStoreJourney = async ({
  nodes = 1,
  settings = {},
}: Readonly<{ nodes?: 1 | 3; settings?: Settings }> = {}): Promise<EventStoreJourney> => {
  const double = await startEventStoreDouble({ nodes });
  const testDatabase = await createTestDatabase();
  const { connectionString } = testDatabase;
  const database = createDatabase({ connectionString });
  const environment = {
    DATABASE_URL: connectionString,
    EVENTSTOREDB_URL: double.connectionString,
    LATCHKEY_EVENTSTOREDB_PREFIX: 'journey',
    LATCHKEY_MASTER_KEY: newMasterKey(),
    LATCHKEY_PUBLIC_URL: 'http://auth.example.test',
    LATCHKEY_LOG_LEVEL: 'error',
    LATCHKEY_RATE_LIMITS: 'off',
    // A client without an answer repeats its request, however long the store was unreachable.
    LATCHKEY_REFRESH_GRACE_SECONDS: '120',
    ...settings,
  };
  const servers: ServerProcess[] = [];
  const log = () => logOf(database, environment);

  return {
    double,
    database,
    environment,
    log,
    start: async (more = {}) => {
      const PORT = more.PORT ?? String(await freePort());
      const server = await startServerProcess({ ...environment, ...more, PORT });
      servers.push(server);
      return server;
    },
    expectSound: async () => {
      const verified = await runLatchkey(['projections', 'verify'], environment);
      expect(verified).toStrictEqual({
        code: 0,
        stdout: expect.stringMatching(/: 0 differences\n$/),
        stderr: '',
      });
      const kept = await log();
      expect(brokenStreams(kept)).toStrictEqual([]);
      expect(new Set(kept.map(({ eventId }) => eventId)).size).toBe(kept.length);
      const heads = await database.query<Head>({ text: HEADS });
      const told = new Map(heads.map(({ stream, revision }) => [stream, revision]));
      expect(Object.fromEntries(told)).toStrictEqual(Object.fromEntries(endsOf(kept)));
    },
    close: async () => {
      for (const server of servers) await server.stop('SIGKILL');
      await database.close();
      await testDatabase.drop();
      await double.stop();
    },
  };
};
