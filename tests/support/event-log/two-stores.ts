import { randomBytes } from 'node:crypto';
import { createLogCopy } from '../../../src/adapters/event-store/log-copy/event-log-copy.ts';
import {
  createDatabase,
  type Database,
} from '../../../src/adapters/postgres/connection/connection.ts';
import type {
  LogCopyReport,
  LogCopyWatch,
  LogLocation,
} from '../../../src/application/event-log/log-copy.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import {
  type EventStoreDouble,
  startEventStoreDouble,
} from '../event-store-double/event-store-double.ts';
import {
  allTables,
  type ComposedSystem,
  openComposedSystem,
  visitor,
} from '../servers/composed-system.ts';
import { PASSWORD } from '../servers/http-client.ts';
import { type KeptRow, logOf } from '../servers/log-of.ts';
import { createTestDatabase, type TestDatabase } from '../servers/test-database.ts';

export const noWatch: LogCopyWatch = {
  onProgress: () => undefined,
  onNotice: () => undefined,
};

/** A database and an event store, either of which holds the log of an installation. */
export type TwoStores = Readonly<{
  database: Database;
  scratch: TestDatabase;
  double: EventStoreDouble;
  /** Environment variables of processes, by the expected location of the log. */
  settings: Readonly<Record<LogLocation, Readonly<Record<string, string>>>>;
  /** Opens a process that serves the log at that location. */
  open(home: LogLocation): Promise<ComposedSystem>;
  copy(
    to: LogLocation,
    options?: Readonly<{ wait?: number; watch?: Partial<LogCopyWatch> }>,
  ): Promise<LogCopyReport>;
  logIn(home: LogLocation): Promise<readonly KeptRow[]>;
  close(): Promise<void>;
}>;

export const openTwoStores = async (): Promise<TwoStores> => {
  const scratch = await createTestDatabase();
  const database = createDatabase(scratch);
  const double = await startEventStoreDouble();
  const prefix = `t${randomBytes(6).toString('hex')}`;
  const common = {
    DATABASE_URL: scratch.connectionString,
    LATCHKEY_MASTER_KEY: randomBytes(32).toString('base64'),
  };
  const eventStore = {
    EVENTSTOREDB_URL: double.connectionString,
    LATCHKEY_EVENTSTOREDB_PREFIX: prefix,
  };
  const settings = { postgres: common, eventstoredb: { ...common, ...eventStore } };
  const opened: ComposedSystem[] = [];
  const open = async (home: LogLocation) => {
    const system = await openComposedSystem(settings[home], scratch);
    opened.push(system);
    return system;
  };
  let copying: ComposedSystem | undefined;
  return {
    database,
    scratch,
    double,
    settings,
    open,
    copy: async (to, { wait = 0, watch = {} } = {}) => {
      copying ??= await open('eventstoredb');
      const eventStoreDb = copying.get(tokens.eventStoreDb);
      if (eventStoreDb === undefined) throw new TypeError('both stores are configured');
      const copyLog = createLogCopy({ database, eventStoreDb, drainMilliseconds: 0 });
      return copyLog(to, wait, { ...noWatch, ...watch });
    },
    logIn: (home) => logOf(database, home === 'postgres' ? {} : eventStore),
    close: async () => {
      for (const system of opened) await system.close();
      await database.close();
      await double.stop();
      await scratch.drop();
    },
  };
};

let people = 0;

export type SignedInUser = Readonly<{
  email: string;
  id: string;
  sessionId: string;
  refreshToken: string;
}>;

/** Registers a new user and signs in. */
export const signUp = async (system: ComposedSystem): Promise<SignedInUser> => {
  people += 1;
  const email = `person${people}@example.com`;
  const profile = { email, password: PASSWORD, displayName: `Person ${people}` };
  const { registerUser } = system.get(tokens.http).registration;
  const { user, sessionId, refreshToken } = await registerUser(profile, visitor);
  return { email, id: user.id, sessionId, refreshToken };
};

/** Refreshes a session. @returns the user with the next token */
export const refresh = async (
  system: ComposedSystem,
  person: SignedInUser,
): Promise<SignedInUser> => {
  const { refreshToken } = await system
    .get(tokens.http)
    .rotateRefreshToken(person.refreshToken, visitor);
  return { ...person, refreshToken };
};

/** Finds tables that differ from the log. */
export const driftOf = async (system: ComposedSystem) =>
  (await system.get(tokens.projections).verify(allTables, () => undefined)).drift;
