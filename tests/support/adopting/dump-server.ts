import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { openCluster } from '../../../src/adapters/managed-postgres/managed-postgres-cluster.ts';
import { connectionStringFor } from '../../../src/adapters/managed-postgres/managed-postgres-connection.ts';
import { openDataFolder } from '../../../src/adapters/managed-postgres/managed-postgres-data-folder.ts';
import {
  DATABASE_USER,
  initCluster,
} from '../../../src/adapters/managed-postgres/managed-postgres-initdb.ts';
import { launchServer } from '../../../src/adapters/managed-postgres/managed-postgres-server.ts';
import type { TestDatabase } from '../servers/test-database.ts';
import { findPgDumps, type PgDump } from './pg-dump.ts';

type Server = Readonly<{ host: string; port: number; user: string; stop: () => Promise<void> }>;

/** A server that a pg_dump of this machine can read, if there is one. */
export type DumpServer = Readonly<{
  createDatabase: () => Promise<TestDatabase>;
  /** Undefined if no pg_dump fits a server. */
  pgDump: PgDump | undefined;
  stop: () => Promise<void>;
}>;

const OLDEST_SERVER = 15;
const SETTINGS = { fsync: 'off', full_page_writes: 'off', autovacuum: 'off', timezone: 'UTC' };
const noLog = (): void => undefined;

const majorOf = async (server: Omit<Server, 'stop'>): Promise<number> => {
  const client = new pg.Client({ connectionString: connectionStringFor(server, 'postgres') });
  await client.connect();
  const { rows } = await client.query<{ number: number }>(
    "SELECT current_setting('server_version_num')::integer AS number",
  );
  await client.end();
  return Math.floor((rows[0]?.number ?? 0) / 10_000);
};

/** The server that is installed with the pg_dump. */
const startInstalled = async ({ program, major }: PgDump): Promise<Server> => {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'latchkey-dumps-'));
  // If this runs as root, the account of PostgreSQL needs access.
  await chmod(dataDir, 0o755);
  const bin = path.dirname(program);
  const binaries = {
    initdb: path.join(bin, 'initdb'),
    postgres: path.join(bin, 'postgres'),
    version: String(major),
    major,
    source: bin,
  };
  const cluster = openCluster(openDataFolder(dataDir, noLog), binaries);
  const options = { settings: SETTINGS, searchPath: bin, sync: false, log: noLog };
  await initCluster(cluster, binaries, options);
  const { server, stop } = await launchServer(cluster, binaries, options);
  return {
    host: server.socketDir,
    port: server.port,
    user: DATABASE_USER,
    stop: async () => {
      await stop();
      for (const folder of [server.socketDir, dataDir]) await rm(folder, { recursive: true });
    },
  };
};

const choose = async (): Promise<Readonly<{ server: Server; pgDump: PgDump | undefined }>> => {
  const server = { ...inject('postgres'), stop: async () => undefined };
  const [latest] = await findPgDumps();
  if (latest === undefined || latest.major >= (await majorOf(server))) {
    return { server, pgDump: latest };
  }
  if (latest.major < OLDEST_SERVER) return { server, pgDump: undefined };
  return { server: await startInstalled(latest), pgDump: latest };
};

export const openDumpServer = async (): Promise<DumpServer> => {
  const { server, pgDump } = await choose();
  const admin = new pg.Client({ connectionString: connectionStringFor(server, 'postgres') });
  await admin.connect();
  return {
    pgDump,
    createDatabase: async () => {
      const name = `dump_${randomBytes(6).toString('hex')}`;
      await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
      return {
        connectionString: connectionStringFor(server, name),
        drop: async () => void (await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)),
      };
    },
    stop: async () => {
      await admin.end();
      await server.stop();
    },
  };
};
