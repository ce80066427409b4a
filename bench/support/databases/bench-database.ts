import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { startManagedPostgres } from '../../../src/adapters/managed-postgres/managed-postgres.ts';
import { connectionStringFor } from '../../../src/adapters/managed-postgres/managed-postgres-connection.ts';
import type { Cleanup } from '../cleanup/cleanup.ts';

type Query = <Row extends object>(sql: string) => Promise<readonly Row[]>;

/** A database of the benchmark's cluster. */
export type BenchDatabase = Readonly<{
  name: string;
  connectionString: string;
  /** Runs SQL as the superuser in the maintenance database of the same cluster. */
  admin: Query;
  /** Runs `work` on a separate session in this database. */
  withClient<Result>(work: (query: Query) => Promise<Result>): Promise<Result>;
}>;

/** The benchmark's PostgreSQL. */
export type BenchCluster = Readonly<{
  createDatabase(name: string): Promise<BenchDatabase>;
}>;

/** Settings of a production system: every commit reaches the disk. */
const SETTINGS = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  autovacuum: 'on',
  shared_preload_libraries: 'pg_stat_statements',
};

export const settingsText = 'fsync, full_page_writes, synchronous_commit and autovacuum on';

const queryOn =
  (client: pg.Client): Query =>
  async <Row extends object>(sql: string) =>
    (await client.query<Row>(sql)).rows;

const withClient = async <Result>(
  connectionString: string,
  work: (query: Query) => Promise<Result>,
): Promise<Result> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(queryOn(client));
  } finally {
    await client.end();
  }
};

/** Starts an embedded PostgreSQL in `workFolder`. */
export const openBenchCluster = async (
  workFolder: string,
  cleanup: Cleanup,
): Promise<BenchCluster> => {
  const dataDir = path.join(workFolder, 'database');
  await mkdir(dataDir, { mode: 0o755 });
  const server = await startManagedPostgres({ dataDir, settings: SETTINGS });
  cleanup.add(async () => {
    await server.stop();
    await rm(server.host, { recursive: true, force: true });
  });
  const client = new pg.Client({ connectionString: connectionStringFor(server, server.database) });
  await client.connect();
  cleanup.add(() => client.end());
  const admin = queryOn(client);
  await admin('CREATE EXTENSION pg_stat_statements');
  // Counting costs a little and is on only while statements are counted.
  await admin("ALTER SYSTEM SET pg_stat_statements.track = 'none'");
  await admin('SELECT pg_reload_conf()');
  return {
    createDatabase: async (name) => {
      await admin(`CREATE DATABASE ${name}`);
      const connectionString = connectionStringFor(server, name);
      return {
        name,
        connectionString,
        admin,
        withClient: (work) => withClient(connectionString, work),
      };
    },
  };
};
