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

/** Held from the beginning, so that the watcher cannot read the end before anyone came. */
export const createLease = (pipe: string, account: DatabaseAccount): Lease => {
  rmSync(pipe, { force: true });
  const made = spawnSync('mkfifo', ['-m', '600', pipe], { ...account, cwd: '/', encoding: 'utf8' });
  if (made.status !== 0) {
    const reason = made.error?.message ?? made.stderr.trim();
    throw new ManagedPostgresError(`The named pipe ${pipe} cannot be made (${reason}).`);
  }
  // Opening for writing needs a reader: us, until the watcher is there.
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return openForWriting(pipe);
  } finally {
    closeSync(reader);
  }
};

/** Undefined when no watcher reads: the server is about to stop, or was not started by Latchkey. */
export const joinLease = (pipe: string): Lease | undefined => {
  try {
    return openForWriting(pipe);
  } catch (error) {
    if (hasCode(error, 'ENXIO', 'ENOENT')) return undefined;
    throw error;
  }
};
