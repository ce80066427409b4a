import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import {
  type ManagedPostgres,
  startManagedPostgres,
} from '../../../src/adapters/managed-postgres/managed-postgres.ts';
import { connectionStringFor } from '../../../src/adapters/managed-postgres/managed-postgres-connection.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: Pick<ManagedPostgres, 'host' | 'port' | 'user' | 'database'> &
      Readonly<{ template: string }>;
  }
}

const TEMPLATE = 'latchkey_template';

/** Nothing has to survive the run, so nothing has to reach the disk. */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  max_connections: '300',
};

/** Starts PostgreSQL and migrates a template, whose files every test database copies. */
const createTemplate = async (server: ManagedPostgres): Promise<void> => {
  const admin = new pg.Client({ connectionString: connectionStringFor(server, server.database) });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${TEMPLATE}`);
    const { migrateUp } = await import('../../../src/adapters/postgres/connection/migrations.ts');
    await migrateUp(connectionStringFor(server, TEMPLATE));
    // A template can be copied at any time only if it allows no connections.
    await admin.query(`ALTER DATABASE ${TEMPLATE} IS_TEMPLATE true ALLOW_CONNECTIONS false`);
  } finally {
    await admin.end();
  }
};

export default async (project: TestProject): Promise<() => Promise<void>> => {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'latchkey-tests-'));
  // Under root, PostgreSQL runs as another account, which needs access.
  await chmod(dataDir, 0o755);
  const server = await startManagedPostgres({ dataDir, settings: SETTINGS });
  const teardown = async () => {
    await server.stop();
    for (const folder of [server.host, dataDir]) await rm(folder, { recursive: true, force: true });
  };
  try {
    await createTemplate(server);
  } catch (error) {
    await teardown();
    throw error;
  }
  const { host, port, user, database } = server;
  project.provide('postgres', { host, port, user, database, template: TEMPLATE });
  return teardown;
};
