import type { ManagedPostgres } from './managed-postgres.ts';

/** Builds a connection string for `pg`, which reads the socket folder from the query. */
export const connectionStringFor = (
  { host, port, user }: Pick<ManagedPostgres, 'host' | 'port' | 'user'>,
  database: string,
): string =>
  `postgresql://${user}@/${encodeURIComponent(database)}?host=${encodeURIComponent(host)}&port=${port}`;
