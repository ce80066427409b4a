import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, lchownSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './managed-postgres-binaries.ts';
import type { Cluster } from './managed-postgres-cluster.ts';
import { ManagedPostgresError } from './managed-postgres-error.ts';

/** The superuser of the cluster. */
export const DATABASE_USER = 'postgres';

// Trust covers users who can enter the socket folder: its owner alone. TCP is rejected even if a
// setting opens a port.
const ARGUMENTS = [
  ...['-U', DATABASE_USER, '--auth-local=trust', '--auth-host=reject'],
  ...['--locale=C', '--encoding=UTF8', '--no-instructions'],
];

const run = promisify(execFile);

const explain = (error: unknown): ManagedPostgresError => {
  const stderr =
    error instanceof Error && 'stderr' in error && typeof error.stderr === 'string'
      ? error.stderr.trim()
      : '';
  const uid = /could not look up effective user ID (\d+)/.exec(stderr)?.[1];
  if (uid !== undefined) {
    return new ManagedPostgresError(
      `PostgreSQL cannot create a database for uid ${uid}, which has no entry in /etc/passwd: run Latchkey as a named account or set DATABASE_URL.`,
      { cause: error },
    );
  }
  const reason = stderr.split('\n').find((line) => /error|fatal/i.test(line)) ?? String(error);
  return new ManagedPostgresError(`PostgreSQL's initdb failed: ${reason}`, { cause: error });
};

/**
 * Creates the cluster unless it exists, under a temporary name until it is complete. The caller
 * holds the start lock. @throws ManagedPostgresError
 */
export const initCluster = async (
  { folder, account }: Cluster,
  { initdb }: PostgresBinaries,
  { searchPath, sync }: Readonly<{ searchPath: string; sync: boolean }>,
): Promise<void> => {
  if (existsSync(path.join(folder, 'PG_VERSION'))) return;
  const parent = path.dirname(folder);
  const prefix = `${path.basename(folder)}.init-`;
  for (const name of readdirSync(parent)) {
    if (name.startsWith(prefix)) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
  const unfinished = path.join(parent, `${prefix}${randomBytes(4).toString('hex')}`);
  mkdirSync(unfinished, { mode: 0o700 });
  if (account.uid !== undefined && account.gid !== undefined) {
    lchownSync(unfinished, account.uid, account.gid);
  }
  try {
    const options = { ...account, cwd: '/', env: { PATH: searchPath, LC_ALL: 'C' } };
    await run(initdb, ['-D', unfinished, ...ARGUMENTS, ...(sync ? [] : ['--no-sync'])], options);
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw explain(error);
  }
};
