import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { startManagedPostgres } from '../../src/adapters/postgres/managed-postgres.ts';
import { connectionStringFor } from '../../src/adapters/postgres/managed-postgres-connection.ts';
import type { Cleanup } from './cleanup.ts';

export type BenchDatabase = Readonly<{
  connectionString: string;
  /** Runs SQL as the superuser in the maintenance database of the same cluster. */
  admin<Row extends object>(sql: string): Promise<readonly Row[]>;
  name: string;
  version: string;
}>;

const NAME = 'latchkey_bench';

/** A product's settings: every commit reaches the disk. */
const SETTINGS = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  autovacuum: 'on',
  shared_preload_libraries: 'pg_stat_statements',
};

export const settingsText = 'fsync, full_page_writes, synchronous_commit and autovacuum on';

/** An embedded PostgreSQL of its own, with an empty database in it. */
export const openBenchDatabase = async (
  workFolder: string,
  cleanup: Cleanup,
): Promise<BenchDatabase> => {
  const dataDir = path.join(workFolder, 'database');
  await mkdir(dataDir, { mode: 0o755 });
  const server = await startManagedPostgres({ dataDir, settings: SETTINGS });
  cleanup.add(async () => {
    await server.stop();
    await rm(server.host, { recursive: true, force: true });
  });
  const admin = new pg.Client({ connectionString: connectionStringFor(server, server.database) });
  await admin.connect();
  cleanup.add(() => admin.end());
  await admin.query(`CREATE DATABASE ${NAME}`);
  await admin.query('CREATE EXTENSION pg_stat_statements');
  // Counting costs a little: it is switched on for the counts alone.
  await admin.query("ALTER SYSTEM SET pg_stat_statements.track = 'none'");
  await admin.query('SELECT pg_reload_conf()');
  return {
    connectionString: connectionStringFor(server, NAME),
    admin: async <Row extends object>(sql: string) => (await admin.query<Row>(sql)).rows,
    name: NAME,
    version: server.version,
  };
};
