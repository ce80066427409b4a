import {
  type ManagedPostgres,
  type ManagedPostgresOptions,
  startManagedPostgres,
} from './managed-postgres.ts';

const LOOK_EVERY_MS = 500;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process exists but belongs to another account.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/**
 * Starts a managed PostgreSQL and restarts it when it ends unexpectedly. The first of its processes
 * that notices restarts it, and the others adopt it; its address stays the same.
 * @throws ManagedPostgresError when it cannot be started the first time
 */
export const keepManagedPostgres = async (
  options: ManagedPostgresOptions,
): Promise<ManagedPostgres> => {
  const first = await startManagedPostgres(options);
  const log = options.log ?? (() => undefined);
  let current = first;
  let restarting: Promise<void> | undefined;

  const restart = async (): Promise<void> => {
    log('PostgreSQL has ended unexpectedly; restarting it');
    await current.stop();
    current = await startManagedPostgres(options);
  };

  const timer = setInterval(() => {
    if (restarting !== undefined || isAlive(current.pid)) return;
    restarting = restart()
      .catch((error: unknown) => log(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        restarting = undefined;
      });
  }, LOOK_EVERY_MS).unref();

  return {
    ...first,
    stop: async () => {
      clearInterval(timer);
      await restarting;
      await current.stop();
    },
  };
};
