import type { ManagedPostgres } from './managed-postgres.ts';

/** For `pg`, which takes the socket folder from the query when the address has no host. */
export const connectionStringFor = (
  { host, port, user }: Pick<ManagedPostgres, 'host' | 'port' | 'user'>,
  database: string,
): string =>
  `postgresql://${user}@/${encodeURIComponent(database)}?host=${encodeURIComponent(host)}&port=${port}`;
