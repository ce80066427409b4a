import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { canReach, type DatabaseAccount, databaseAccountFor } from './managed-postgres-account.ts';
import { ManagedPostgresError } from './managed-postgres-error.ts';

/** The folder that holds clusters, and the account that PostgreSQL runs as. */
export type DataFolder = Readonly<{ dataDir: string; account: DatabaseAccount }>;

const REACHABLE_FOLDER = '/var/lib/latchkey';

/** Resolves links, so that every process derives the same names from the path. */
const makeFolder = (wanted: string): string => {
  try {
    mkdirSync(wanted, { recursive: true });
    accessSync(wanted, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(wanted);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ManagedPostgresError(
      `The data folder ${wanted} cannot be used (${reason}): choose another one or set DATABASE_URL.`,
      { cause: error },
    );
  }
};

const makeReachableFolder = (unreachable: string): string => {
  const name = createHash('sha256').update(unreachable).digest('hex').slice(0, 12);
  const folder = makeFolder(path.join(REACHABLE_FOLDER, name));
  // Regardless of the umask: the database account must be able to access the folder.
  for (const step of [REACHABLE_FOLDER, folder]) chmodSync(step, 0o755);
  return folder;
};

/**
 * Opens the folder for clusters, or another one when the database account cannot access it.
 * @throws ManagedPostgresError when the folder cannot be used
 */
export const openDataFolder = (wanted: string, log: (line: string) => void): DataFolder => {
  const dataDir = makeFolder(path.resolve(wanted));
  const account = databaseAccountFor(dataDir);
  if (canReach(account, dataDir)) return { dataDir, account };
  const moved = makeReachableFolder(dataDir);
  log(
    `the account PostgreSQL runs as (uid ${account.uid}) cannot reach ${dataDir}: the database is in ${moved}`,
  );
  return { dataDir: moved, account: databaseAccountFor(moved) };
};
