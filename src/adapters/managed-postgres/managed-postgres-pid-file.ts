import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** The contents of `postmaster.pid`, which a running server writes. */
export type PidFile = Readonly<{
  /** NaN when the file holds no process id. */
  pid: number;
  port: number;
  socketDir: string;
  /** `starting`, `stopping`, `ready` or `standby`. */
  status: string;
}>;

const pathIn = (folder: string): string => path.join(folder, 'postmaster.pid');

/** Reads `postmaster.pid` in a cluster's folder; undefined when there is none. */
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

/** Works for any account's process, unlike /proc/…/cwd, which a container's root may not read. */
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

/**
 * Whether the process is this folder's server. Its id alone is no evidence: another program may
 * have it.
 */
export const isPostmasterOf = (folder: string, pid: number): boolean => {
  const command = commandOf(pid);
  if (!/(^|\/)postgres( -|\s*$)/.test(command)) return false;
  const served = / -D (\/.*?)(?: -[a-z] |\s*$)/.exec(command)?.[1];
  // Started by hand with a relative folder or PGDATA, it may serve this folder: assume that it
  // does.
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
 * Removes a `postmaster.pid` that would prevent a start: an invalid one, or one whose process id
 * belongs to another program now. One of an ended process stays: PostgreSQL checks its shared
 * memory.
 */
export const removeMisleadingPidFile = (folder: string): void => {
  const file = readPidFile(folder);
  if (!file || isPostmasterOf(folder, file.pid)) return;
  if (!(file.pid > 0) || isAlive(file.pid)) rmSync(pathIn(folder), { force: true });
};
