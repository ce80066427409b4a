import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import type { DatabaseAccount } from './managed-postgres-account.ts';
import { hasCode, ManagedPostgresError } from './managed-postgres-error.ts';

/**
 * A named pipe keeps the server running: every process that uses it has the pipe open for writing,
 * and the server's watcher reads it. The kernel closes it for a process that ends in any way, even
 * by SIGKILL; after the last one the watcher reads the end, stops the server and removes the pipe.
 */
export type Lease = Readonly<{ release(): void }>;

const openForWriting = (pipe: string): Lease => {
  const descriptor = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  let isHeld = true;
  return {
    release: () => {
      if (isHeld) closeSync(descriptor);
      isHeld = false;
    },
  };
};

/**
 * Creates the pipe and opens it, so that the watcher cannot read its end before a process has
 * joined.
 */
export const createLease = (pipe: string, account: DatabaseAccount): Lease => {
  rmSync(pipe, { force: true });
  const made = spawnSync('mkfifo', ['-m', '600', pipe], { ...account, cwd: '/', encoding: 'utf8' });
  if (made.status !== 0) {
    const reason = made.error?.message ?? made.stderr.trim();
    throw new ManagedPostgresError(`The named pipe ${pipe} cannot be created (${reason}).`);
  }
  // Opening for writing needs a reader: this process, until the watcher runs.
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return openForWriting(pipe);
  } finally {
    closeSync(reader);
  }
};

/**
 * Joins the lease; undefined when no watcher reads: the server is stopping, or Latchkey did not
 * start it.
 */
export const joinLease = (pipe: string): Lease | undefined => {
  try {
    return openForWriting(pipe);
  } catch (error) {
    if (hasCode(error, 'ENXIO', 'ENOENT')) return undefined;
    throw error;
  }
};
