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

/** Crash recovery of a development database is far from this. */
const READY_MS = 60_000;
/** More than the watcher needs to see that nobody holds the server any more. */
const NOTICE_MS = 1_000;
/** For the checkpoint of a fast shutdown; then without one, recovery follows at the next start. */
const SHUTDOWN_MS = 10_000;
const POLL_MS = 10;

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** What the server said before it gave up. */
const lastWords = (logFile: string, from: number): string => {
  try {
    const lines = readFileSync(logFile).subarray(from).toString('utf8').trim().split('\n');
    const line = lines.findLast((text) => /FATAL|PANIC/.test(text)) ?? lines.at(-1);
    return line?.replace(/^.*?(FATAL|PANIC): */, '') || 'it said nothing';
  } catch {
    return 'it wrote no log';
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

const stopServer = async ({ folder, holdPipe }: Cluster, pid: number, hold: Lease) => {
  hold.release();
  const released = Date.now();
  while (isPostmasterOf(folder, pid)) {
    const waited = Date.now() - released;
    const isHeldByOthers = waited > NOTICE_MS && existsSync(holdPipe);
    if (isHeldByOthers) return;
    if (waited > SHUTDOWN_MS) process.kill(pid, 'SIGQUIT');
    await sleep(POLL_MS);
  }
};

const spawnWatched = (
  { folder, account, holdPipe, logFile }: Cluster,
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
  const script = ['-c', WATCHED_SERVER, 'sh', holdPipe, logFile];
  return spawn('/bin/sh', [...script, postgres, '-D', folder, ...settingArguments], {
    ...account,
    cwd: '/',
    env: { PATH: searchPath, LC_ALL: 'C' },
    stdio: 'ignore',
    // Ctrl-C in the terminal is for Latchkey, which stops the server in its turn.
    detached: true,
  });
};

/** Starts the server of a cluster that is not running; the caller holds the start lock. */
export const launchServer = async (
  cluster: Cluster,
  binaries: PostgresBinaries,
  options: LaunchOptions,
): Promise<RunningServer> => {
  const { folder, logFile, account } = cluster;
  const socketFolder = makeSocketFolder(folder, account);
  const logged = sizeOf(logFile);
  const hold = createLease(cluster.holdPipe, account);
  const child = spawnWatched(cluster, binaries, options, socketFolder);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const server = await untilReady(folder, child);
  if (!server) {
    hold.release();
    await ended;
    throw new ManagedPostgresError(
      `PostgreSQL did not start in ${folder}: ${lastWords(logFile, logged)} (log: ${logFile}).`,
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
      return stopServer(cluster, server.pid, hold);
    },
  };
};
