import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** What a server writes about itself into `postmaster.pid`. */
export type PidFile = Readonly<{
  /** NaN when the file holds something else. */
  pid: number;
  port: number;
  socketDir: string;
  /** starting, stopping, ready or standby. */
  status: string;
}>;

const pathIn = (folder: string): string => path.join(folder, 'postmaster.pid');

export const readPidFile = (folder: string): PidFile | undefined => {
  try {
    const lines = readFileSync(pathIn(folder), 'utf8').split('\n');
    const line = (number: number) => (lines[number - 1] ?? '').trim();
    const pid = /^\d+$/.test(line(1)) ? Number(line(1)) : Number.NaN;
    return { pid, port: Number(line(4)), socketDir: line(5), status: line(8) };
  } catch {
    return undefined;
  }
};

/**
 * Of any user, unlike /proc/…/cwd: a container's root may not look into other accounts' processes.
 */
const commandOf = (pid: number): string => {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    }
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
};

/** A process number alone proves nothing: after a restart it can belong to any other program. */
export const isPostmasterOf = (folder: string, pid: number): boolean => {
  const command = commandOf(pid);
  if (!/(^|\/)postgres( -|\s*$)/.test(command)) return false;
  const served = / -D (\/.*?)(?: -[a-z] |\s*$)/.exec(command)?.[1];
  // Started by hand with a relative folder or PGDATA it could well be ours: never fight over it.
  return served === undefined || served === folder;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/**
 * Removes a file PostgreSQL would stumble over: rubbish, or the number of a process that is another
 * program by now. One that names a dead process stays, its shared memory is checked by PostgreSQL.
 */
export const removeMisleadingPidFile = (folder: string): void => {
  const file = readPidFile(folder);
  if (!file || isPostmasterOf(folder, file.pid)) return;
  if (!(file.pid > 0) || isAlive(file.pid)) rmSync(pathIn(folder), { force: true });
};
