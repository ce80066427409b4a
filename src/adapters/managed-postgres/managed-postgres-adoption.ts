import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './managed-postgres-cluster.ts';
import { ManagedPostgresError } from './managed-postgres-error.ts';
import { joinLease } from './managed-postgres-lease.ts';
import { isPostmasterOf, readPidFile } from './managed-postgres-pid-file.ts';
import type { RunningServer } from './managed-postgres-server.ts';

/** Upper bound on recovery and shutdown. */
const READY_WITHIN_MS = 60_000;
/** More than a server needs to report that it is stopping, after the last lease ended. */
const STOPPING_MS = 1_000;
const POLL_MS = 10;

/**
 * Waits for a server that already runs on the cluster to be ready, and joins it; undefined when
 * none runs.
 * @throws ManagedPostgresError when it is not ready in time
 */
export const adoptServer = async (cluster: Cluster): Promise<RunningServer | undefined> => {
  const began = Date.now();
  let readySince = Number.POSITIVE_INFINITY;
  for (;;) {
    const server = readPidFile(cluster.folder);
    if (!server || !isPostmasterOf(cluster.folder, server.pid)) return undefined;
    if (server.status === 'ready') {
      const lease = joinLease(cluster.leasePipe);
      if (lease) return { server, adopted: true, stop: async () => lease.release() };
      readySince = Math.min(readySince, Date.now());
      // Another program started it and will stop it.
      const isForeign = Date.now() - readySince > STOPPING_MS;
      if (isForeign) return { server, adopted: true, stop: async () => undefined };
    }
    if (Date.now() - began > READY_WITHIN_MS) {
      throw new ManagedPostgresError(
        `The PostgreSQL that already runs in ${cluster.folder} (process ${server.pid}) has been "${server.status}" for ${READY_WITHIN_MS / 1_000} seconds, see ${cluster.logFile}.`,
      );
    }
    await sleep(POLL_MS);
  }
};
