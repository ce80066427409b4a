import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './managed-postgres-error.ts';

const RETRY_MS = 25;
/** Longer than any start takes. */
const EXPIRES_MS = 180_000;

const tryLock = (file: string): boolean => {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o644 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
};

const isAbandoned = (file: string): boolean => {
  try {
    const { mtimeMs } = statSync(file);
    if (Date.now() - mtimeMs > EXPIRES_MS) return true;
    const pid = Number(readFileSync(file, 'utf8'));
    if (!(pid > 0)) return false; // created, not yet written
    // A container's process often has the same id after every restart.
    if (pid === process.pid) return mtimeMs < Date.now() - process.uptime() * 1_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return hasCode(error, 'ESRCH');
  }
};

/**
 * Lets one process at a time create and start a cluster. Node has no lock that the kernel releases,
 * so two processes may both take over an abandoned one; PostgreSQL's own lock then lets only one
 * start.
 */
export const withStartLock = async <Result>(
  file: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  while (!tryLock(file)) {
    if (isAbandoned(file)) rmSync(file, { force: true });
    else await sleep(RETRY_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
};
