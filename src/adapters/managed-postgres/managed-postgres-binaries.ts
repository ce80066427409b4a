import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseAccount } from './managed-postgres-account.ts';
import {
  copyEmbedded,
  EMBEDDED_PACKAGE,
  embeddedFolder,
  linkLibraries,
} from './managed-postgres-embedded.ts';
import { hasCode, ManagedPostgresError } from './managed-postgres-error.ts';

/** The programs of one PostgreSQL installation. */
export type PostgresBinaries = Readonly<{
  initdb: string;
  postgres: string;
  /** The version that the program reports, such as "18.4". */
  version: string;
  major: number;
  /** For the log: the package or "system", with the folder. */
  source: string;
}>;

type Search = Readonly<{
  account: DatabaseAccount;
  /** Folders as in PATH. */
  searchPath: string;
  log: (line: string) => void;
}>;

const DEBIAN_FOLDER = '/usr/lib/postgresql';
const NO_GLIBC =
  'the bundled PostgreSQL needs glibc, which this system lacks (Alpine and others use musl)';

/** Returns the binaries in a folder, or the reason why they do not run. */
const tryFolder = (
  bin: string,
  name: string,
  account: DatabaseAccount,
): PostgresBinaries | string => {
  const postgres = path.join(bin, 'postgres');
  const initdb = path.join(bin, 'initdb');
  const isComplete = existsSync(postgres) && existsSync(initdb);
  if (!isComplete) return `there is no initdb or postgres in ${bin}`;
  const run = spawnSync(postgres, ['--version'], { ...account, cwd: '/', encoding: 'utf8' });
  const [, version, major] = /\(PostgreSQL\) ((\d+)[.\w]*)/.exec(run.stdout ?? '') ?? [];
  if (version !== undefined && major !== undefined) {
    return { initdb, postgres, version, major: Number(major), source: `${name} (${bin})` };
  }
  // The file exists, so the missing one is the loader that it names.
  if (hasCode(run.error, 'ENOENT')) return NO_GLIBC;
  return `${postgres} does not run (${run.error?.message ?? run.stderr.trim()})`;
};

/** Returns the embedded binaries, copied if necessary, or the reason why they do not run. */
export const tryEmbedded = (
  native: string,
  { account, log }: Pick<Search, 'account' | 'log'>,
): PostgresBinaries | string => {
  try {
    linkLibraries(native);
  } catch {
    // Read-only folder: the links are made in the copy below.
  }
  const inPlace = tryFolder(path.join(native, 'bin'), EMBEDDED_PACKAGE, account);
  if (typeof inPlace !== 'string' || inPlace === NO_GLIBC) return inPlace;
  try {
    const copy = copyEmbedded(native, log);
    return tryFolder(path.join(copy, 'bin'), EMBEDDED_PACKAGE, account);
  } catch (error) {
    return `${inPlace} and cannot be copied (${error instanceof Error ? error.message : error})`;
  }
};

const systemFolders = (searchPath: string): readonly string[] => {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  return [
    ...searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
    ...newestFirst.map((version) => path.join(DEBIAN_FOLDER, version, 'bin')),
  ];
};

/**
 * Finds PostgreSQL: the embedded one first, so that all machines of a project run the same version.
 * @throws ManagedPostgresError when none runs here
 */
export const findPostgresBinaries = (search: Search): PostgresBinaries => {
  const native = embeddedFolder();
  const embedded = native
    ? tryEmbedded(native, search)
    : `the package ${EMBEDDED_PACKAGE} is not installed`;
  if (typeof embedded !== 'string') return embedded;
  for (const folder of systemFolders(search.searchPath)) {
    const found = tryFolder(folder, 'system', search.account);
    if (typeof found !== 'string') {
      search.log(`the bundled PostgreSQL is not used: ${embedded}`);
      return found;
    }
  }
  throw new ManagedPostgresError(
    `No PostgreSQL runs here: ${embedded}, and none is in ${search.searchPath} or ${DEBIAN_FOLDER}; install PostgreSQL or set DATABASE_URL.`,
  );
};
