import path from 'node:path';
import { connectionStringFor } from '../adapters/managed-postgres/managed-postgres-connection.ts';
import { keepManagedPostgres } from '../adapters/managed-postgres/managed-postgres-keeper.ts';
import type { MasterKey } from '../adapters/system/master-key.ts';
import { loadOrCreateMasterKey } from '../adapters/system/master-key-file.ts';
import { compose } from '../composition/composition-root.ts';
import { tokens } from '../composition/system-tokens.ts';
import type { Token } from '../composition/tokens/token.ts';
import type { Config } from '../configuration/config.ts';
import { StartupFailure } from './health/startup-failure.ts';

/** A composed system with a database behind it. */
export type System = Readonly<{
  get: <T>(wanted: Token<T>) => T;
  connectionString: string;
  /** Location of the database for messages, without credentials. */
  databaseDescription: string;
  close(): Promise<void>;
}>;

type Log = (line: string) => void;

/** Shows host and database, without credentials. */
export const describeDatabaseUrl = (url: string): string => {
  const { host, pathname } = new URL(url.replace('@/', '@localhost/'));
  return `${host}${pathname}`;
};

const openDatabase = async (config: Config, log: Log) => {
  if (config.databaseUrl !== undefined) {
    return {
      connectionString: config.databaseUrl,
      description: describeDatabaseUrl(config.databaseUrl),
      stop: async () => undefined,
    };
  }
  const server = await keepManagedPostgres({
    dataDir: config.dataDir,
    searchPath: config.searchPath,
    log,
  });
  return {
    connectionString: connectionStringFor(server, server.database),
    description: `embedded PostgreSQL ${server.version} in ${config.dataDir}`,
    stop: server.stop,
  };
};

const readGeneratedKey = ({ dataDir }: Config): MasterKey => {
  try {
    return loadOrCreateMasterKey(path.join(dataDir, 'master.key'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartupFailure(`The master key file cannot be used: ${reason}`, { cause });
  }
};

/**
 * Connects to the database, or starts the embedded one, and composes the system; migrates nothing.
 * @throws ManagedPostgresError; StartupFailure for an unusable master key file
 */
export const openSystem = async (config: Config, log: Log): Promise<System> => {
  const database = await openDatabase(config, log);
  try {
    const masterKeys = config.masterKeys ?? [readGeneratedKey(config)];
    const { connectionString } = database;
    const get = await compose(config, { connectionString, masterKeys, log });
    return {
      get,
      connectionString,
      databaseDescription: database.description,
      close: async () => {
        await get(tokens.eventStoreDb)?.client.close();
        await get(tokens.database).close();
        await database.stop();
      },
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
};
