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

export type ManagedPostgresOptions = Readonly<{
  /** The cluster lives in `postgres-<major version>` inside it. */
  dataDir: string;
  /** Server settings; a server that already runs keeps the ones it has. */
  settings?: Readonly<Record<string, string>>;
  /** Where to look for an installed PostgreSQL when the embedded one does not run. As in PATH. */
  searchPath?: string;
  log?: (line: string) => void;
}>;

export type ManagedPostgres = Readonly<{
  /** The folder of the unix socket, which `pg` takes for a host. */
  host: string;
  port: number;
  user: string;
  /** The maintenance database. */
  database: string;
  /** It was running already. */
  adopted: boolean;
  pid: number;
  /** Where the binaries come from, for the log. */
  source: string;
  version: string;
  /**
   * Lets go of the server, which stops when nobody uses it any more: all who started or adopted it
   * have called this or have ended. The one who started it waits for that stop.
   */
  stop(): Promise<void>;
}>;

const DEFAULT_SEARCH_PATH = '/usr/local/bin:/usr/bin:/bin';

/** Light when idle. Terse, because the details of an error hold personal data. */
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

/** What a server that was killed leaves behind until its last process has noticed. */
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
 * A PostgreSQL of our own on a folder: made when there is none, adopted when another process runs
 * it, and stopped with the last process that uses it. Throws ManagedPostgresError.
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
