import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './managed-postgres-cluster.ts';
import { ManagedPostgresError } from './managed-postgres-error.ts';
import { joinLease } from './managed-postgres-lease.ts';
import { isPostmasterOf, readPidFile } from './managed-postgres-pid-file.ts';
import type { RunningServer } from './managed-postgres-server.ts';

/** Recovery and shutdown take this long at most. */
const SETTLE_MS = 60_000;
/** More than a server needs to say that it is stopping after the last hold ended. */
const STOPPING_MS = 1_000;
const POLL_MS = 10;

/** The server that already runs on the cluster, once it is ready; undefined when there is none. */
export const adoptServer = async (cluster: Cluster): Promise<RunningServer | undefined> => {
  const began = Date.now();
  let readySince = Number.POSITIVE_INFINITY;
  for (;;) {
    const server = readPidFile(cluster.folder);
    if (!server || !isPostmasterOf(cluster.folder, server.pid)) return undefined;
    if (server.status === 'ready') {
      const hold = joinLease(cluster.holdPipe);
      if (hold) return { server, adopted: true, stop: async () => hold.release() };
      readySince = Math.min(readySince, Date.now());
      // Somebody else started it and will stop it.
      const isForeign = Date.now() - readySince > STOPPING_MS;
      if (isForeign) return { server, adopted: true, stop: async () => undefined };
    }
    if (Date.now() - began > SETTLE_MS) {
      throw new ManagedPostgresError(
        `The PostgreSQL that already runs in ${cluster.folder} (process ${server.pid}) has been "${server.status}" for ${SETTLE_MS / 1_000} seconds, see ${cluster.logFile}.`,
      );
    }
    await sleep(POLL_MS);
  }
};
