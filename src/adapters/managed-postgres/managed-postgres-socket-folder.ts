import { createHash } from 'node:crypto';
import { lchownSync, lstatSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { canReach, type DatabaseAccount } from './managed-postgres-account.ts';
import { hasCode, ManagedPostgresError } from './managed-postgres-error.ts';

/** The number in the socket file's name; no server listens on TCP. */
export const SOCKET_PORT = 5432;

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, including the final zero. */
const MAX_SOCKET_PATH_BYTES = 103;

const fits = (folder: string): boolean =>
  Buffer.byteLength(path.join(folder, `.s.PGSQL.${SOCKET_PORT}`)) <= MAX_SOCKET_PATH_BYTES;

/**
 * Creates the folder for the server's socket: the same for every process with this temporary
 * folder, short for any data folder, and accessible to the database account only.
 * @throws ManagedPostgresError when another account owns it
 */
export const makeSocketFolder = (clusterFolder: string, account: DatabaseAccount): string => {
  const expected = account.uid ?? process.getuid?.();
  // The name depends on the account, which could not use a folder of another one.
  const key = createHash('sha256').update(`${expected}:${clusterFolder}`);
  const hash = key.digest('hex').slice(0, 12);
  const inside = (parent: string) => path.join(parent, `latchkey-${hash}`);
  const temp = os.tmpdir();
  const folder = inside(fits(inside(temp)) && canReach(account, temp) ? temp : '/tmp');
  try {
    mkdirSync(folder, { mode: 0o700 });
    if (account.uid !== undefined && account.gid !== undefined) {
      lchownSync(folder, account.uid, account.gid);
    }
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    // The name can be guessed: an attacker may have created the folder to serve a socket of their
    // own.
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== expected || (found.mode & 0o077) !== 0) {
      throw new ManagedPostgresError(
        `The socket folder ${folder} is not a private folder of the account PostgreSQL runs as (uid ${expected}): remove it.`,
      );
    }
  }
  return folder;
};
