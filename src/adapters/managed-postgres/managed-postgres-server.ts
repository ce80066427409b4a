import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresBinaries } from './managed-postgres-binaries.ts';
import type { Cluster } from './managed-postgres-cluster.ts';
import { ManagedPostgresError } from './managed-postgres-error.ts';
import { createLease, type Lease } from './managed-postgres-lease.ts';
import { isPostmasterOf, type PidFile, readPidFile } from './managed-postgres-pid-file.ts';
import { makeSocketFolder, SOCKET_PORT } from './managed-postgres-socket-folder.ts';
import { WATCHED_SERVER } from './managed-postgres-watcher.ts';

/** A server that this process started or adopted; `stop` ends its lease. */
export type RunningServer = Readonly<{
  server: PidFile;
  adopted: boolean;
  stop(): Promise<void>;
}>;

type LaunchOptions = Readonly<{
  settings: Readonly<Record<string, string>>;
  searchPath: string;
  log: (line: string) => void;
}>;

/** Upper bound on a start; crash recovery of a development database takes far less. */
const READY_MS = 60_000;
/** More than the watcher needs to notice that the last lease has ended. */
const WATCHER_NOTICE_MS = 1_000;
/**
 * Time for a fast shutdown with its checkpoint; after it, an immediate one needs recovery later.
 */
const SHUTDOWN_MS = 10_000;
const POLL_MS = 10;

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Returns the last error in the server's log, or its last line. */
const lastLogLine = (logFile: string, from: number): string => {
  try {
    const lines = readFileSync(logFile).subarray(from).toString('utf8').trim().split('\n');
    const line = lines.findLast((text) => /FATAL|PANIC/.test(text)) ?? lines.at(-1);
    return line?.replace(/^.*?(FATAL|PANIC): */, '') || 'its log is empty';
  } catch {
    return 'there is no log';
  }
};

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

const untilReady = async (folder: string, child: ChildProcess): Promise<PidFile | undefined> => {
  const end = Date.now() + READY_MS;
  while (!hasEnded(child) && Date.now() < end) {
    const file = readPidFile(folder);
    if (file?.status === 'ready' && isPostmasterOf(folder, file.pid)) return file;
    await sleep(POLL_MS);
  }
  return undefined;
};

const stopServer = async ({ folder, leasePipe }: Cluster, pid: number, lease: Lease) => {
  lease.release();
  const released = Date.now();
  while (isPostmasterOf(folder, pid)) {
    const waited = Date.now() - released;
    const isLeasedByOthers = waited > WATCHER_NOTICE_MS && existsSync(leasePipe);
    if (isLeasedByOthers) return;
    if (waited > SHUTDOWN_MS) process.kill(pid, 'SIGQUIT');
    await sleep(POLL_MS);
  }
};

const spawnWatched = (
  { folder, account, leasePipe, logFile }: Cluster,
  { postgres }: PostgresBinaries,
  { settings, searchPath }: LaunchOptions,
  socketFolder: string,
): ChildProcess => {
  const all = {
    ...settings,
    listen_addresses: '',
    port: String(SOCKET_PORT),
    unix_socket_directories: socketFolder,
  };
  const settingArguments = Object.entries(all).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const script = ['-c', WATCHED_SERVER, 'sh', leasePipe, logFile];
  return spawn('/bin/sh', [...script, postgres, '-D', folder, ...settingArguments], {
    ...account,
    cwd: '/',
    env: { PATH: searchPath, LC_ALL: 'C' },
    stdio: 'ignore',
    // Ctrl-C in the terminal ends Latchkey, which then stops the server.
    detached: true,
  });
};

/**
 * Starts the server of a cluster. The caller holds the start lock and has checked that none runs.
 * @throws ManagedPostgresError when it does not start
 */
export const launchServer = async (
  cluster: Cluster,
  binaries: PostgresBinaries,
  options: LaunchOptions,
): Promise<RunningServer> => {
  const { folder, logFile, account } = cluster;
  const socketFolder = makeSocketFolder(folder, account);
  const logged = sizeOf(logFile);
  const lease = createLease(cluster.leasePipe, account);
  const child = spawnWatched(cluster, binaries, options, socketFolder);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const server = await untilReady(folder, child);
  if (!server) {
    lease.release();
    await ended;
    throw new ManagedPostgresError(
      `PostgreSQL did not start in ${folder}: ${lastLogLine(logFile, logged)} (log: ${logFile}).`,
    );
  }
  child.unref();
  let isStopping = false;
  void ended.then(() => {
    if (!isStopping) options.log(`PostgreSQL in ${folder} ended unexpectedly, see ${logFile}`);
  });
  return {
    server,
    adopted: false,
    stop: () => {
      isStopping = true;
      return stopServer(cluster, server.pid, lease);
    },
  };
};
