import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DEBIAN_FOLDER = '/usr/lib/postgresql';
const MAX_BYTES = 512 * 1024 * 1024;

export type PgDump = Readonly<{
  program: string;
  /** The major version; servers of a later one are refused. */
  major: number;
}>;

const versionOf = async (program: string): Promise<number> => {
  const { stdout } = await run(program, ['--version']);
  return Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]);
};

const folders = (): readonly string[] => {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  return [
    ...versions.map((version) => path.join(DEBIAN_FOLDER, version, 'bin')),
    ...(process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
  ];
};

/** Every pg_dump of this machine, the latest first. */
export const findPgDumps = async (): Promise<readonly PgDump[]> => {
  const programs = folders()
    .map((folder) => path.join(folder, 'pg_dump'))
    .filter((program) => existsSync(program));
  const found = programs.map(async (program) => ({ program, major: await versionOf(program) }));
  return (await Promise.all(found)).sort((a, b) => b.major - a.major);
};

/**
 * Versions since August 2025 write two lines with a random key, as a protection against injection.
 */
const withoutKey = (text: string): string =>
  text.replace(/^\\(un)?restrict \w+$/gm, '\\$1restrict');

export const dumpWith = async ({ program }: PgDump, connectionString: string): Promise<string> => {
  const { stdout } = await run(program, ['--dbname', connectionString], { maxBuffer: MAX_BYTES });
  return withoutKey(stdout);
};
