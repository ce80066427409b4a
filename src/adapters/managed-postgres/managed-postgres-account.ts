import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ManagedPostgresError } from './managed-postgres-error.ts';

/** The account that PostgreSQL runs as. Empty: the account of this process. */
export type DatabaseAccount = Readonly<{ uid?: number; gid?: number }>;

/** Whether this process runs as root. */
export const isRoot = (): boolean => process.getuid?.() === 0;

const unprivilegedOwnerOf = (folder: string): DatabaseAccount | undefined => {
  const { uid, gid } = statSync(folder);
  return uid === 0 ? undefined : { uid, gid };
};

const accountNamed = (name: string): DatabaseAccount | undefined => {
  const entries = readFileSync('/etc/passwd', 'utf8').split('\n');
  const [, , uid, gid] = entries.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
  return uid === undefined || uid === '0' ? undefined : { uid: Number(uid), gid: Number(gid) };
};

/**
 * Chooses the account for PostgreSQL, which refuses to run as root: under root, the owner of the
 * existing folders, or a service account. @throws ManagedPostgresError when there is none
 */
export const databaseAccountFor = (dataDir: string): DatabaseAccount => {
  if (!isRoot()) return {};
  const clusters = readdirSync(dataDir).filter((name) => /^postgres-\d+$/.test(name));
  const owner = [dataDir, ...clusters.map((name) => path.join(dataDir, name))]
    .map(unprivilegedOwnerOf)
    .find((account) => account !== undefined);
  const account = owner ?? accountNamed('postgres') ?? accountNamed('nobody');
  if (account) return account;
  throw new ManagedPostgresError(
    'PostgreSQL refuses to run as root and there is no account "postgres" or "nobody" to run it as: start Latchkey as an ordinary user or set DATABASE_URL.',
  );
};

/** Whether the account can access the folder; below /root, for instance, it cannot. */
export const canReach = (account: DatabaseAccount, folder: string): boolean => {
  if (account.uid === undefined) return true;
  const script = ['-c', 'cd -- "$1"', 'sh', folder];
  return spawnSync('/bin/sh', script, { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
};
