import { createHash } from 'node:crypto';
import { lchownSync, lstatSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { canReach, type DatabaseAccount } from './managed-postgres-account.ts';
import { hasCode, ManagedPostgresError } from './managed-postgres-error.ts';

/** Names the socket file only; nothing listens on TCP. */
export const SOCKET_PORT = 5432;

/** sun_path holds 104 bytes on macOS, 108 on Linux, with the final zero. */
const MAX_SOCKET_PATH_BYTES = 103;

const fits = (folder: string): boolean =>
  Buffer.byteLength(path.join(folder, `.s.PGSQL.${SOCKET_PORT}`)) <= MAX_SOCKET_PATH_BYTES;

/**
 * The same for every process with this temp folder, short whatever the path of the data folder, and
 * open to the database account alone.
 */
export const makeSocketFolder = (clusterFolder: string, account: DatabaseAccount): string => {
  const expected = account.uid ?? process.getuid?.();
  // Another account gets another name, or it would trip over what the first one left.
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
    // The name can be guessed: somebody else may have made it to serve us their own socket.
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== expected || (found.mode & 0o077) !== 0) {
      throw new ManagedPostgresError(
        `The socket folder ${folder} is not a private folder of the account PostgreSQL runs as (uid ${expected}): remove it.`,
      );
    }
  }
  return folder;
};
