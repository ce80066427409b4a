import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseAccount } from './managed-postgres-account.ts';
import type { PostgresBinaries } from './managed-postgres-binaries.ts';
import type { DataFolder } from './managed-postgres-data-folder.ts';
import { ManagedPostgresError } from './managed-postgres-error.ts';

/** A data folder of one major version of PostgreSQL, and Latchkey's files for it. */
export type Cluster = Readonly<{
  folder: string;
  account: DatabaseAccount;
  lockFile: string;
  leasePipe: string;
  logFile: string;
}>;

const majorsIn = (dataDir: string): readonly string[] =>
  readdirSync(dataDir).flatMap((name) => /^postgres-(\d+)$/.exec(name)?.[1] ?? []);

const refuseOtherVersion = (dataDir: string, { major, source }: PostgresBinaries): void => {
  const majors = majorsIn(dataDir);
  if (majors.length === 0 || majors.includes(String(major))) return;
  throw new ManagedPostgresError(
    `The data folder ${dataDir} was made by PostgreSQL ${majors.join(' and ')}, but the PostgreSQL found here is version ${major}, ${source}: move the data over with pg_dump or pg_upgrade, install the earlier version and set DATABASE_URL, or choose another data folder.`,
  );
};

const refuseForeignFolder = (folder: string, account: DatabaseAccount, major: number): void => {
  const owner = statSync(folder).uid;
  const runsAs = account.uid ?? process.getuid?.();
  if (owner !== runsAs) {
    throw new ManagedPostgresError(
      `The database folder ${folder} belongs to the account with uid ${owner}, but PostgreSQL would run with uid ${runsAs}: start Latchkey as its owner, change the owner, or set DATABASE_URL.`,
    );
  }
  const versionFile = path.join(folder, 'PG_VERSION');
  if (!existsSync(versionFile)) {
    if (readdirSync(folder).length === 0) return;
    throw new ManagedPostgresError(
      `The folder ${folder} is not empty but holds no PostgreSQL database: move it away or choose another data folder.`,
    );
  }
  const version = readFileSync(versionFile, 'utf8').trim();
  if (version === String(major)) return;
  throw new ManagedPostgresError(
    `The database folder ${folder} holds data of PostgreSQL ${version}, but the PostgreSQL found here is version ${major}: move the folder away or choose another data folder.`,
  );
};

/**
 * Locates the cluster for these binaries. @throws ManagedPostgresError when they cannot run
 * existing data
 */
export const openCluster = (
  { dataDir, account }: DataFolder,
  binaries: PostgresBinaries,
): Cluster => {
  refuseOtherVersion(dataDir, binaries);
  const folder = path.join(dataDir, `postgres-${binaries.major}`);
  if (existsSync(folder)) refuseForeignFolder(folder, account, binaries.major);
  return {
    folder,
    account,
    lockFile: `${folder}.lock`,
    leasePipe: path.join(folder, 'latchkey.hold'),
    logFile: path.join(folder, 'latchkey.log'),
  };
};
