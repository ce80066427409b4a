import { setTimeout as sleep } from 'node:timers/promises';
import { adoptServer } from './managed-postgres-adoption.ts';
import { findPostgresBinaries, type PostgresBinaries } from './managed-postgres-binaries.ts';
import { type Cluster, openCluster } from './managed-postgres-cluster.ts';
import { openDataFolder } from './managed-postgres-data-folder.ts';
import { ManagedPostgresError } from './managed-postgres-error.ts';
import { DATABASE_USER, initCluster } from './managed-postgres-initdb.ts';
import { withStartLock } from './managed-postgres-lock.ts';
import { removeMisleadingPidFile } from './managed-postgres-pid-file.ts';
import { launchServer, type RunningServer } from './managed-postgres-server.ts';

/** What `startManagedPostgres` needs to know. */
export type ManagedPostgresOptions = Readonly<{
  /** The cluster lives in `postgres-<major version>` inside it. */
  dataDir: string;
  /** Server settings; a server that already runs keeps the ones it has. */
  settings?: Readonly<Record<string, string>>;
  /**
   * Folders to search for an installed PostgreSQL when the embedded one does not run, as in PATH.
   */
  searchPath?: string;
  log?: (line: string) => void;
}>;

/** A running PostgreSQL and its address. */
export type ManagedPostgres = Readonly<{
  /** The folder of the Unix socket, which `pg` accepts as a host. */
  host: string;
  port: number;
  user: string;
  /** The maintenance database. */
  database: string;
  /** Whether it was already running. */
  adopted: boolean;
  pid: number;
  /** The origin of the binaries, for the log. */
  source: string;
  version: string;
  /**
   * Ends this process's lease on the server. The server stops after the last process that started
   * or adopted it has called this or has ended. The process that started the server waits for that.
   */
  stop(): Promise<void>;
}>;

const DEFAULT_SEARCH_PATH = '/usr/local/bin:/usr/bin:/bin';

/** Light when idle. Errors are logged tersely, because their details hold personal data. */
const DEFAULT_SETTINGS = {
  shared_buffers: '64MB',
  max_connections: '100',
  jit: 'off',
  max_logical_replication_workers: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_error_verbosity: 'terse',
};

/** Errors that follow a killed server, until its last process has ended. */
const PASSING_FAILURE = /is still in use|lock file .* already exists/;
const PASSING_MS = 10_000;
const RETRY_MS = 250;

type StartOptions = Readonly<{
  settings: Readonly<Record<string, string>>;
  searchPath: string;
  log: (line: string) => void;
}>;

const adoptOrLaunch = async (
  cluster: Cluster,
  binaries: PostgresBinaries,
  options: StartOptions,
): Promise<RunningServer> => {
  const end = Date.now() + PASSING_MS;
  for (;;) {
    const running = await adoptServer(cluster);
    if (running) return running;
    removeMisleadingPidFile(cluster.folder);
    const sync = options.settings.fsync !== 'off';
    await initCluster(cluster, binaries, { searchPath: options.searchPath, sync });
    try {
      return await launchServer(cluster, binaries, options);
    } catch (error) {
      const isPassing = error instanceof Error && PASSING_FAILURE.test(error.message);
      if (!isPassing || Date.now() > end) throw error;
      await sleep(RETRY_MS);
    }
  }
};

/**
 * Runs PostgreSQL on a folder: creates the cluster when there is none, adopts a server that another
 * process runs, and stops with the last process that uses it. @throws ManagedPostgresError
 */
export const startManagedPostgres = async ({
  dataDir,
  settings = {},
  searchPath = DEFAULT_SEARCH_PATH,
  log = () => undefined,
}: ManagedPostgresOptions): Promise<ManagedPostgres> => {
  if (process.platform === 'win32') {
    throw new ManagedPostgresError(
      'The embedded PostgreSQL does not run on Windows: set DATABASE_URL, or use WSL.',
    );
  }
  const began = performance.now();
  const data = openDataFolder(dataDir, log);
  const binaries = findPostgresBinaries({ account: data.account, searchPath, log });
  const cluster = openCluster(data, binaries);
  const options = { settings: { ...DEFAULT_SETTINGS, ...settings }, searchPath, log };
  const { server, adopted, stop } = await withStartLock(cluster.lockFile, () =>
    adoptOrLaunch(cluster, binaries, options),
  );
  const did = adopted ? 'adopted a running' : 'started';
  const took = Math.round(performance.now() - began);
  log(`${did} PostgreSQL ${binaries.version} in ${took} ms: ${cluster.folder}, ${binaries.source}`);
  return {
    host: server.socketDir,
    port: server.port,
    user: DATABASE_USER,
    database: 'postgres',
    adopted,
    pid: server.pid,
    source: binaries.source,
    version: binaries.version,
    stop,
  };
};
